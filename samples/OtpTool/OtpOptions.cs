using System.CommandLine;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary>The options that describe an authenticator, shared by every verb that needs a secret.</summary>
internal sealed class OtpOptions
{
    private const int MaximumSecretSize = 128;
    private const int DefaultDigits = 6;
    private const int DefaultPeriod = 30;

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly Option<string> _secret = new("--secret")
    {
        Required = true,
        HelpName = "BASE32",
        Description = $"The shared secret, with or without spaces, hyphens and padding. {SecretText.Sources}",
    };

    private readonly Option<OtpAlgorithm> _algorithm = CreateAlgorithm();
    private readonly Option<long?> _digits = NumberOption.Create("--digits", 4, 8, "N", "The length of a code, 4 to 8; 6 by default.");
    private readonly Option<long?> _period = NumberOption.Create(
        "--period", 15, 300, "S", "The time step, 15 to 300 seconds; 30 by default.");
    private readonly Option<long?> _t0 = NumberOption.Create(
        "--t0", Earliest, Latest, "UNIX", "When step 0 begins, in Unix seconds; 0 by default.");
    private readonly Option<long?> _at = NumberOption.Create(
        "--at", Earliest, Latest, "UNIX", "The time, in Unix seconds; now by default.");
    private readonly Option<long?> _counter = NumberOption.Create(
        "--counter", 0, long.MaxValue, "N", "The counter; makes the account counter-based (HOTP).");

    public static Option<OtpAlgorithm> CreateAlgorithm() => ChoiceOption.Create(
        "--algorithm",
        "The hash; SHA1 by default.",
        ("SHA1", OtpAlgorithm.Sha1),
        ("SHA256", OtpAlgorithm.Sha256),
        ("SHA512", OtpAlgorithm.Sha512));

    public void AddTo(Command command)
    {
        command.Add(_secret);
        command.Add(_algorithm);
        command.Add(_digits);
        command.Add(_period);
        command.Add(_t0);
        command.Add(_counter);
        RefuseWithCounter(command, _period);
        RefuseWithCounter(command, _t0);
    }

    public void AddTimeTo(Command command)
    {
        command.Add(_at);
        RefuseWithCounter(command, _at);
    }

    /// <summary>Makes it an error to use an option together with a counter, because the option has no meaning there.</summary>
    public void RefuseWithCounter(Command command, Option option) => RefuseTogether(command, option, _counter);

    /// <summary>Makes it an error to use an option together with a time.</summary>
    public void RefuseWithTime(Command command, Option option) => RefuseTogether(command, option, _at);

    /// <summary>Reads the secret. The caller disposes it.</summary>
    public SharedSecret ReadSecret(ParseResult result)
    {
        var key = ReadBase32(SecretText.Read(result.GetRequiredValue(_secret), _secret.Name));
        if (key.Length is < 1 or > MaximumSecretSize)
        {
            throw new InputException($"--secret must be of 1 to {MaximumSecretSize} bytes.");
        }

        var secret = SharedSecret.FromBytes(key, minimumSize: 1);
        CryptographicOperations.ZeroMemory(key);
        return secret;
    }

    /// <summary>Reads the counter: null for a time-based account.</summary>
    public long? ReadCounter(ParseResult result) => result.GetValue(_counter);

    public HotpParameters ReadHotp(ParseResult result) => new()
    {
        Algorithm = result.GetValue(_algorithm),
        Digits = (int)(result.GetValue(_digits) ?? DefaultDigits),
    };

    public TotpParameters ReadTotp(ParseResult result) => new()
    {
        Algorithm = result.GetValue(_algorithm),
        Digits = (int)(result.GetValue(_digits) ?? DefaultDigits),
        Period = TimeSpan.FromSeconds(result.GetValue(_period) ?? DefaultPeriod),
        T0 = DateTimeOffset.FromUnixTimeSeconds(result.GetValue(_t0) ?? 0),
    };

    public DateTimeOffset ReadTime(ParseResult result) =>
        result.GetValue(_at) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : TimeProvider.System.GetUtcNow();

    private static byte[] ReadBase32(string text)
    {
        try
        {
            return Base32.Decode(text, lenient: true);
        }
        catch (FormatException exception)
        {
            throw new InputException($"--secret: {exception.Message}");
        }
    }

    private static void RefuseTogether(Command command, Option option, Option other) => command.Validators.Add(result =>
    {
        if (result.GetResult(other) is not null && result.GetResult(option) is not null)
        {
            result.AddError($"{option.Name} cannot be combined with {other.Name}.");
        }
    });
}
