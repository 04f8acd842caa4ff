namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class BadInputTests
{
    private const string Secret = Tool.Secret;
    private const string Uri = $"otpauth://totp/A:b?secret={Secret}&issuer=A";
    private const string Password = $"Username=ann;Password={Secret}";
    private const string Key = "k1=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string Code = "0123-4567-89AB-CDEF-GHJK-MNPQ";
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const string Hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly string[] NoFile = ["--store", "sqlite", "--connection", "Data Source=/no/such/file"];

    private static readonly string[] Report = ["report", "--store"];

    public static TheoryData<string, string[]> CommandLines => new()
    {
        { "Say what to do: secret, key, code, verify, uri, parse, qr, migrate, recovery, rotate, reset, report, or --help.", [] },
        { "Say what to do: secret,", ["cod", "--secret", Secret] },
        { "Say what to do: new, check", ["recovery"] },
        { "Say what to do: new, check", ["recovery", Secret] },
        { "Option '--secret' is required. --secret BASE32: The shared secret", ["code"] },
        { "--secret: env:NAME must name an environment variable that is set", ["code", "--secret", $"env:{Secret}"] },
        { "--secret: file:PATH must name a file that can be read", ["code", "--secret", $"file:/{Secret}"] },
        { "--watch cannot be combined with --at", ["code", "--secret", Secret, "--watch", "--at", "1"] },
        { "--watch cannot be combined with --counter", ["code", "--secret", Secret, "--watch", "--counter", "1"] },
        { "'--secret'", ["code", "--secret"] },
        { "'--secret' expects a single argument", ["code", "--secret", Secret, "--secret", Secret] },
        { "Argument 2 is not understood; see --help", ["code", Secret] },
        { "Argument 2 is not understood", ["code", $"--secrt={Secret}", "--secret", Secret] },
        { "Argument 4 is not understood", ["code", "--secret", Secret, Secret.ToLowerInvariant()] },
        { "Argument 2 is not understood", ["code", $"--secret{Secret.ToLowerInvariant()}", "--secret", Secret] },
        { "--secret: Not Base32: a character that is not A–Z or 2–7 (index 32)", ["code", "--secret", $"{Secret}1"] },
        { "--secret: Not Base32: more than 1,024 characters", ["code", "--secret", string.Concat(Enumerable.Repeat(Secret, 33))] },
        { "--secret must be of 1 to 128 bytes", ["code", "--secret", string.Concat(Enumerable.Repeat(Secret, 7))] },
        { "--secret must be of 1 to 128 bytes", ["code", "--secret", ""] },
        { "--secret must be of 1 to 128 bytes", ["code", "--secret", "-"] },
        { "--algorithm must be SHA1, SHA256 or SHA512", ["code", "--secret", Secret, "--algorithm", "MD5"] },
        { "--digits must be a whole number from 4 to 8", ["code", "--secret", Secret, "--digits", Secret] },
        { "--digits must be a whole number from 4 to 8", ["code", "--secret", Secret, "--digits", "۶"] },
        { "--period must be a whole number from 15 to 300", ["code", "--secret", Secret, "--period", "14"] },
        { "--at must be a whole number from -62135596800 to 253402300799", ["code", "--secret", Secret, "--at", "253402300800"] },
        { "--t0 must be a whole number from -62135596800 to 253402300799", ["code", "--secret", Secret, "--t0", "99999999999999999999"] },
        { "--counter must be a whole number from 0 to 9223372036854775807", ["code", "--secret", Secret, "--counter", "-1"] },
        { "cannot be combined with --counter", ["code", "--secret", Secret, "--counter", "x", "--period", "y", "--at", ""] },
        { "--period cannot be combined with --counter", ["code", "--secret", Secret, "--counter", "1", "--period", "30"] },
        { "--at cannot be combined with --counter", ["code", "--secret", Secret, "--counter", "1", "--at", "30"] },
        { "--back cannot be combined with --counter", ["verify", "123456", "--secret", Secret, "--counter", "1", "--back", "1"] },
        { "CODE is missing. CODE: The code", ["verify", "--secret", Secret] },
        { "--back must be a whole number from 0 to 50", ["verify", "123456", "--secret", Secret, "--back", "51"] },
        { "--forward must be a whole number from 0 to 50", ["verify", "123456", "--secret", Secret, "--forward", "51"] },
        { "--forward must be a whole number from 0 to", ["verify", "123456", "--secret", Secret, "--counter", "0", "--forward", "101"] },
        { "--issuer must be 1 to 100 characters", ["uri", "--issuer", "a:b", "--account", "A", "--secret", Secret] },
        { "--account must be 1 to 200 characters", ["uri", "--issuer", "I", "--account", "", "--secret", Secret] },
        { "--t0 must be 0", ["uri", "--issuer", "I", "--account", "A", "--secret", Secret, "--t0", "1"] },
        { "is not understood", ["uri", "--issuer", "I", "--account", "A", "--secret", Secret, "--at", "1"] },
        { "Not a provisioning URI: it does not begin with otpauth://", ["parse", $"https://example.com/?secret={Secret}"] },
        { "Not a provisioning URI: it has no secret", ["qr", "otpauth://totp/A:b?issuer=A"] },
        { "--output must end in .png or .svg, or be '-'", ["qr", Uri, "--output", ""] },
        { "--output cannot be written", ["qr", Uri, "--output", "/no/such/folder/code.png"] },
        { "--output cannot be written", ["qr", Uri, "--output", "/proc/code.svg"] },
        { "--count must be a whole number from 1 to 16", ["recovery", "new", "--count", "17"] },
        { "CODE must be a recovery code of 24 letters and digits", ["recovery", "check", Secret, Hash] },
        { "PHC must be a canonical Argon2id PHC string", ["recovery", "check", Code, Hash.Replace("m=19456", "m=999999", Ordinal)] },
        { "PHC must have a tag of 32 bytes", ["recovery", "check", Code, Hash[..^21]] },
        { "is not understood", ["code", "--secret", Secret, "@/etc/hostname"] },
        { "The QR code cannot be shown: standard output is not a terminal. Use --output FILE.png or FILE.svg.", ["qr", Uri] },
        { "--store must be sqlite, postgresql, mariadb or redis", [.. Report, Secret, "--connection", Secret] },
        { "Option '--reason' is required. --reason TEXT: Why", ["reset", "--all", "--store", "sqlite", "--connection", Secret] },
        { "--reason is refused. Say why", ["reset", "--all", "--store", "sqlite", "--connection", Secret, "--reason", " "] },
        { "--reason is refused. The reason must not hold", ["reset", "--all", .. NoFile, "--reason", $"lost {Code}"] },
        { "--reason is refused. The reason must not hold", ["reset", "--all", .. NoFile, "--reason", $"lost {Uri}"] },
        { "--reason is refused. It must have no control", ["reset", "--all", .. NoFile, "--reason", "lost\tphone"] },
        { "--connection must be a connection string such as 'Data Source=mfa.db'", [.. Report, "sqlite", "--connection", Secret] },
        { "such as 'Host=db", [.. Report, "postgresql", "--connection", $"postgres://ann:{Secret}@db/app"] },
        { "such as 'redis.", [.. Report, "redis", "--connection", $"rediss://ann:{Secret}@db"] },
        { "--connection: the store cannot be opened", [.. Report, "postgresql", "--connection", $"Host=127.0.0.1;Port=1;{Password}"] },
        { "--connection: the store cannot be opened", [.. Report, "mariadb", "--connection", $"Server=127.0.0.1;Port=1;{Password}"] },
        { "--connection: the store cannot be opened", [.. Report, "redis", "--connection", $"127.0.0.1:1,password={Secret}"] },
        { "--connection: the store cannot be opened. The database file", ["report", .. NoFile] },
        { "--table must be a name", ["report", .. NoFile, "--table", "a b"] },
        { "--table is not for Redis.", [.. Report, "redis", "--connection", "127.0.0.1:1", "--table", "a"] },
        { "--durable-replicas is for Redis only.", ["report", .. NoFile, "--durable-replicas", "1"] },
        { "--key-prefix must be 1 to 100", [.. Report, "redis", "--connection", "127.0.0.1:1", "--key-prefix", "{"] },
        { "Option '--key' is required. --key ID=BASE64: A key", ["rotate", .. NoFile, "--active-key", "k1"] },
        { "--key must be ID=BASE64, ID=-, ID=env:NAME or", ["rotate", .. NoFile, "--active-key", "k1", "--key", $"k1={Secret}!"] },
        { "--key: an ID must be 1 to 64 characters", ["rotate", .. NoFile, "--active-key", "k1", "--key", $"k1={Secret}"] },
        { "--key: an id is there twice", ["rotate", .. NoFile, "--active-key", "k1", "--key", Key, "--key", Key] },
        { "--active-key must be the ID of one of the keys of --key", ["rotate", .. NoFile, "--active-key", "k2", "--key", Key] },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void Run_BadInput_IsOneLineWithoutTheSecret(string message, string[] arguments)
    {
        var (exitCode, output, error) = Tool.RunAny(arguments);

        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(Secret[..8], error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("0.1.0", "--version")]
    [InlineData("verify <CODE>", "--help")]
    [InlineData("otptool code", "code", "--help")]
    [InlineData("otptool recovery", "recovery", "--help")]
    public void Run_VersionOrHelp_Succeeds(string text, params string[] arguments) =>
        Assert.Contains(text, Tool.Run(arguments), StringComparison.Ordinal);
}
