using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Fuzz;

// Fuzzing that is NOT guided by coverage: 20,000 mutations of valid texts for each reader, from fixed seeds. No input may cause an
// exception, or more allocation than the longest valid text.
public class MutationFuzzTests
{
    private const int Inputs = 20_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(59);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Base32_MutatedTexts_AreAnswered(bool lenient)
    {
        var mutator = new TextMutator(4648, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "MZXW6===", "mzxw 6ytb-oi", "", new string('A', 1024));

        AssertAnswered(mutator, maximumBytes: 1024, text => Base32.TryDecode(text, lenient, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ProvisioningUri_MutatedTexts_AreAnswered(bool lenient)
    {
        var mutator = new TextMutator(
            3986,
            "otpauth://totp/ACME%20Co:john.doe@email.com?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ"
            + "&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30",
            "otpauth://hotp/Example:alice%40example.com?secret=MZXW6YTB&counter=9223372036854775807",
            "otpauth://totp/%E6%BC%A2%E5%AD%97:%F0%9F%98%80?secret=MZXW6YTB&issuer=%E6%BC%A2%E5%AD%97",
            "otpauth://totp/a?secret=MY");

        AssertAnswered(
            mutator, maximumBytes: 4096, text => ProvisioningUri.TryParse(text, lenient, out _),
            text => ReadsBack(text, lenient));
    }

    [Fact]
    public void RecoveryCode_MutatedTexts_AreAnswered()
    {
        var mutator = new TextMutator(32, "0123-4567-89AB-CDEF-GHJK-MNPQ", "oil3456789abcdefghjkmnpq", "RSTV WXYZ RSTV WXYZ RSTV WXYZ");

        AssertAnswered(mutator, maximumBytes: 128, text => RecoveryCode.TryParse(text, out _));
    }

    [Fact]
    public void Verify_MutatedCodes_AreAnswered()
    {
        using var secret = RfcSeed.Sha1();
        var parameters = new TotpParameters();
        var mutator = new TextMutator(6238, "287082", "755 224", "359-152", "00000000");

        AssertAnswered(mutator, maximumBytes: 0, text => Totp.Verify(secret, parameters, text, Now, 1, 1) is not null);
    }

    // A URI that was read leniently is written in the strict form.
    private static bool ReadsBack(string text, bool lenient) =>
        ProvisioningUri.TryParse(ProvisioningUri.Parse(text, lenient).Reveal(), lenient: false, out _);

    // Some mutations are still valid. Without them, only the first check of the reader would be tested.
    private static void AssertAnswered(TextMutator mutator, int maximumBytes, Func<string, bool> read, Func<string, bool>? holds = null)
    {
        var accepted = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var text = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var isAccepted = read(text);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            accepted += isAccepted ? 1 : 0;

            // One call may initialise static data, or include a collection. So measure again before it counts.
            Assert.True(
                bytes <= maximumBytes || Allocated.By(() => read(text)) <= maximumBytes,
                $"Input {i} of {text.Length} characters: {bytes} bytes.");
            Assert.True(!isAccepted || holds?.Invoke(text) != false, text);
        }

        Assert.InRange(accepted, 20, Inputs / 2);
    }
}
