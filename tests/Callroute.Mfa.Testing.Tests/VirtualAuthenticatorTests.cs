using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Testing.Tests;

public sealed class VirtualAuthenticatorTests
{
    // The secret of RFC 4226 appendix D and RFC 6238 appendix B.
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private const string TotpUri =
        $"otpauth://totp/Call%20route:ann%40example.com?secret={Secret}&issuer=Call%20route&algorithm=SHA1&digits=8&period=30";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(59));

    [Fact]
    public void Scan_UriOfAnotherSystem_IsReadAsAppsDo()
    {
        using var phone = VirtualAuthenticator.Scan(
            $"otpauth://totp/Old:ann?secret={Secret.ToLowerInvariant()}====&issuer=New&algorithm=HmacSHA1&image=x", _clock);

        Assert.Equal(("New", "ann", "287082"), (phone.Issuer, phone.AccountName, phone.GetCode()));
    }

    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(20000000000, "65353130")]
    public void GetCode_TotpUri_IsCodeOfTheClock(long seconds, string code)
    {
        _clock.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(seconds));
        using var phone = VirtualAuthenticator.Scan(TotpUri, _clock);

        Assert.Equal(code, phone.GetCode());
    }

    [Fact]
    public void GetCode_ClockMoves_ChangesAtTheStep()
    {
        using var phone = VirtualAuthenticator.Scan(TotpUri, _clock);
        var first = phone.GetCode();

        _clock.Advance(phone.TimeUntilNextCode);

        Assert.Equal(phone.GetCodeAt(DateTimeOffset.FromUnixTimeSeconds(60)), phone.GetCode());
        Assert.NotEqual(first, phone.GetCode());
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(59, 1)]
    [InlineData(-1, 1)]
    public void TimeUntilNextCode_Totp_IsRestOfStep(long seconds, int rest)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(seconds));
        using var phone = VirtualAuthenticator.Scan(TotpUri, clock);

        Assert.Equal(TimeSpan.FromSeconds(rest), phone.TimeUntilNextCode);
    }

    [Theory]
    [InlineData(0, "755224", "287082", "359152")]
    [InlineData(8, "399871", "520489")]
    public void GetCode_HotpUri_GivesTheCodesFromItsCounterOn(int counter, params string[] codes)
    {
        using var phone = VirtualAuthenticator.Scan($"otpauth://hotp/ann?secret={Secret}&counter={counter}", _clock);

        Assert.All(codes, code => Assert.Equal(code, phone.GetCode()));
        Assert.Equal(TimeSpan.Zero, phone.TimeUntilNextCode);
    }

    [Fact]
    public void GetCode_HotpByManyThreads_GivesEveryCodeOnce()
    {
        using var phone = VirtualAuthenticator.Scan($"otpauth://hotp/ann?secret={Secret}&counter=0", _clock);
        using var other = VirtualAuthenticator.Scan($"otpauth://hotp/ann?secret={Secret}&counter=0", _clock);
        var codes = new string[400];

        Parallel.For(0, codes.Length, i => codes[i] = phone.GetCode());

        Assert.Equal(codes.Select(_ => other.GetCode()).Order(), codes.Order());
    }

    [Fact]
    public void GetCodeAt_Hotp_IsRefused()
    {
        using var phone = VirtualAuthenticator.Scan($"otpauth://hotp/ann?secret={Secret}&counter=0", _clock);

        Assert.Throws<InvalidOperationException>(() => phone.GetCodeAt(DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("gezd gnbv gy3t qojq gezd gnbv gy3t qojq")]
    [InlineData("GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ")]
    public void FromManualKey_TypedKey_GivesSixDigits(string key)
    {
        using var phone = VirtualAuthenticator.FromManualKey(key, _clock);

        Assert.Equal("287082", phone.GetCode());
        Assert.Equal((string.Empty, string.Empty), (phone.Issuer, phone.AccountName));
    }

    [Fact]
    public void FromManualKey_OneByte_IsAccepted()
    {
        using var phone = VirtualAuthenticator.FromManualKey("AE", _clock);

        Assert.Matches("^[0-9]{6}$", phone.GetCode());
    }

    [Fact]
    public void FromManualKey_NoKey_IsRefused()
    {
        Assert.Throws<FormatException>(() => VirtualAuthenticator.FromManualKey("0189", _clock));
        Assert.Throws<ArgumentException>("key", () => VirtualAuthenticator.FromManualKey(" ", _clock));
    }

    [Fact]
    public void Scan_UriRefused_GivesReasonAndNoSecret()
    {
        var exception = Assert.Throws<FormatException>(() => VirtualAuthenticator.Scan($"{TotpUri}&secret={Secret}", _clock));

        Assert.Contains("a parameter occurs twice", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Always_GivesKindOnly()
    {
        using var phone = VirtualAuthenticator.Scan(TotpUri, _clock);
        using var token = VirtualAuthenticator.Scan($"otpauth://hotp/ann?secret={Secret}&counter=0", _clock);

        Assert.Equal("VirtualAuthenticator (Totp)", phone.ToString());
        Assert.Equal("VirtualAuthenticator (Hotp)", token.ToString());
    }

    [Fact]
    public void Dispose_Twice_RefusesCodes()
    {
        var phone = VirtualAuthenticator.Scan(TotpUri, _clock);

        phone.Dispose();
        phone.Dispose();

        Assert.Throws<ObjectDisposedException>(phone.GetCode);
    }
}
