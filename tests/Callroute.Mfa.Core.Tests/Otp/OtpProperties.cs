using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Otp;

public class OtpProperties
{
    [Property(MaxTest = 2000)]
    public void Generate_AnyKeyAndCounter_EqualsTheReference(NonEmptyArray<byte> bytes, DoNotSize<long> random, byte algorithm, byte digits)
    {
        var key = bytes.Get.Take(SharedSecret.MaximumSize).ToArray();
        using var secret = SharedSecret.FromBytes(key, minimumSize: 1);
        var parameters = new HotpParameters { Algorithm = (OtpAlgorithm)(algorithm % 3), Digits = 4 + digits % 5 };
        var counter = random.Item & long.MaxValue;

        var code = Hotp.Generate(secret, parameters, counter);

        Assert.Equal(ReferenceOtp.Code(key, parameters.Algorithm, counter, parameters.Digits), code);
        Assert.Equal(parameters.Digits, code.Length);
        Assert.True(code.All(char.IsAsciiDigit));
    }

    // With four digits steps often share a code, so the expectation is the highest step of the window with this code.
    [Property(MaxTest = 1000)]
    public void Verify_CodeOfAnotherStep_IsAcceptedExactlyInsideTheWindow(int seconds, sbyte offset, byte past, byte future)
    {
        var parameters = new TotpParameters { Digits = 4 };
        using var secret = RfcSeed.Sha1();
        var key = secret.Key.ToArray();
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var current = parameters.GetTimeStep(time);
        var window = new TimeWindow(past % 11, future % 11);
        var code = ReferenceOtp.Code(key, OtpAlgorithm.Sha1, current + offset % 15, 4);

        var match = Totp.Verify(secret, parameters, code, time, window);

        long? expected = Enumerable.Range(-window.Past, window.Past + window.Future + 1)
            .Select(k => current + k)
            .LastOrDefault(step => ReferenceOtp.Code(key, OtpAlgorithm.Sha1, step, 4) == code, long.MinValue) is var step && step != long.MinValue ? step : null;
        Assert.Equal(expected, match?.TimeStep);
        Assert.Equal(expected - current, match?.Drift);
    }

    [Property(MaxTest = 1000)]
    public void Canonicalize_ItsOwnResult_IsUnchanged(ushort number, byte digits, int[] separators)
    {
        var code = ReferenceOtp.Code([1], OtpAlgorithm.Sha1, number, 4 + digits % 5);
        var typed = Spread(code, separators);
        var canonical = new char[HmacOtp.MaximumDigits];

        var length = OtpCode.Canonicalize(typed, canonical);
        var once = new string(canonical, 0, length!.Value);
        var again = OtpCode.Canonicalize(once, canonical);

        Assert.Equal(code, once);
        Assert.Equal(length, again);
        Assert.Equal(code, new string(canonical, 0, again!.Value));
    }

    private static string Spread(string code, int[] separators) =>
        separators.Take(CodeText.MaximumLength - HmacOtp.MaximumDigits).Aggregate(
            code,
            (text, random) => text.Insert((random & 0xFFFF) % (text.Length + 1), random % 2 == 0 ? " " : "-"));
}
