/**
 * The commonest of those that are long enough, without case: sequences of keys, words said twice, and what people make of
 * a rule that wants twelve characters. Shorter ones are refused anyway.
 */
export const COMMON: ReadonlySet<string> = new Set([
  ...['123456123456', '123123123123', '012345678901', '123456789012', '1234567890123', '12345678901234'],
  ...[
    '123456789123',
    '1234567891234',
    '123456789123456',
    '1234567812345678',
    '0123456789012',
    '098765432109',
  ],
  ...['987654321098', '987654321987', '112233445566', '111222333444', '111111222222', '121212121212'],
  ...['131313131313', '520520520520', '5201314520131', '521521521521', '147258369147', '147258369258'],
  ...['159357159357', '741852963741', '789456123789', '100200300400', '010203040506', '123321123321'],
  ...['1q2w3e4r5t6y', '1q2w3e4r5t6y7u', '1qaz2wsx3edc', '1qaz2wsx3edc4rfv', 'qazwsxedcrfv', '1qaz1qaz1qaz'],
  ...['qwertyuiop12', 'qwertyuiop123', 'qwertyuiop[]', 'qwertyqwerty', 'qwerty123456', 'qwe123qwe123'],
  ...['qwertyuiopasdf', 'asdfghjkl123', 'asdfghjklzxcvbnm', 'zxcvbnm12345', 'zaq12wsxcde3', '1234qwerasdf'],
  ...['q1w2e3r4t5y6', 'qweasdzxc123', 'asdfasdfasdf', 'abcdefghijkl', 'abcdefghijklm', 'abc123abc123'],
  ...['abcd12345678', 'a12345678910', 'a1b2c3d4e5f6', 'aa1234567890', 'abc123456789', 'abcabcabcabc'],
  ...['passwordpassword', 'password1234', 'password12345', 'password123456', 'p@ssw0rd1234', 'p@ssword1234'],
  ...['passw0rd1234', 'mypassword123', 'password@123', 'password@1234', 'password!234', 'passwordpass'],
  ...['changeme1234', 'changemechangeme', 'letmeinletmein', 'letmein12345', 'welcome12345', 'welcome@1234'],
  ...['admin1234567', 'admin12345678', 'adminadminadmin', 'administrator', 'administrator1', 'admin@123456'],
  ...['administrator123', 'root12345678', 'test12345678', 'testtesttest', 'guest1234567', 'user12345678'],
  ...['iloveyou1234', 'iloveyouiloveyou', 'iloveyou1314', 'woaini1314520', 'woaini520131', 'woaini5201314'],
  ...['woainiwoaini', 'aini13145201', 'wodemima1234', 'mima12345678', 'zhongguo1234', 'zhongguo1949'],
  ...['beijing12345', 'woaizhongguo', 'huawei123456', 'taobao123456', 'qq1234567890', 'woshinibaba1'],
  ...['sunshine1234', 'princess1234', 'superman1234', 'football1234', 'baseball1234', 'dragon123456'],
  ...[
    'correcthorsebatterystaple',
    'secret123456',
    'default12345',
    'temp12345678',
    'qwer12345678',
    'login1234567',
  ],
]);
