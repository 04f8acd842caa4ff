using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Records;

/// <summary>Bar B-02: forced collisions, with codes of four digits so that there are many.</summary>
public sealed class VerifyTotpTests
{
    private static readonly TotpParameters FourDigits = new() { Digits = 4 };
    private static readonly MfaOptions Options = new() { Issuer = "Callroute", AllowShortCodes = true, Parameters = FourDigits };
    private static readonly SharedSecret Secret = SharedSecret.FromBytes("12345678901234567890"u8);

    private static AuthenticatorRecord Authenticator(byte id, long watermark) => new()
    {
        Id = new Guid([.. Enumerable.Repeat(id, 16)]),
        ProtectedSecret = [],
        Parameters = FourDigits,
        Watermark = watermark,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static MfaRecord Record(params AuthenticatorRecord[] authenticators) =>
        MfaRecord.Create(new MfaSubject("user"), Guid.Empty) with { Authenticators = authenticators };

    private static Decision<VerificationResult> Decide(MfaRecord record, string code, long step) =>
        VerifyTotp.Decide(record, [.. record.Authenticators.Select(a => new OpenedAuthenticator(a, Secret))], code, AttemptId.Create(), Options, FourDigits.GetStartOf(step));

    private static string CodeOf(long step) => Totp.Generate(Secret, FourDigits, FourDigits.GetStartOf(step));

    /// <summary>Steps whose code is also the code of the step before or two before.</summary>
    private static IEnumerable<(long Step, int Distance)> Collisions() =>
        from step in Enumerable.Range(1000, 40_000)
        from distance in new[] { 1, 2 }
        where CodeOf(step) == CodeOf(step - distance)
        select ((long)step, distance);

    [Fact]
    public void Decide_CodeOfTwoStepsInTheWindow_BurnsBoth()
    {
        var collisions = Collisions().ToArray();

        Assert.NotEmpty(collisions);
        Assert.All(collisions, collision =>
        {
            var current = collision.Step - 1;
            var accepted = Decide(Record(Authenticator(1, 0)), CodeOf(collision.Step), current);

            Assert.True(accepted.Outcome.Method is MfaMethod.Totp);
            Assert.Equal(collision.Step, accepted.Record!.Authenticators[0].Watermark);
        });
    }

    [Fact]
    public void Decide_CodeWhoseLaterStepIsFresh_IsAcceptedAboveTheWatermark()
    {
        var collision = Collisions().First();

        var decision = Decide(Record(Authenticator(1, collision.Step - collision.Distance)), CodeOf(collision.Step), collision.Step);

        Assert.Equal(MfaMethod.Totp, decision.Outcome.Method);
    }

    [Fact]
    public void Decide_AcceptedCode_IsRefusedAtEveryLaterInstantOfItsWindow()
    {
        // 100,000 cases: 25,000 steps at four later instants, natural collisions included.
        for (var step = 1_000_000L; step < 1_025_000; step++)
        {
            var code = CodeOf(step);
            var record = Decide(Record(Authenticator(1, 0)), code, step).Record!;
            var watermark = record.Authenticators[0].Watermark;
            for (var later = 0; later <= 3; later++)
            {
                var again = Decide(record, code, step + later);
                var hasFreshStep = Enumerable.Range(-1, 3).Any(i => step + later + i > watermark && CodeOf(step + later + i) == code);
                Assert.Equal(hasFreshStep, again.Outcome.Succeeded);
            }
        }
    }

    [Fact]
    public void Decide_TwoAuthenticatorsWithOneCode_RaisesBothWatermarks()
    {
        var record = Record(Authenticator(1, 0), Authenticator(2, 0));

        var decision = Decide(record, CodeOf(5000), 5000);

        Assert.All(decision.Record!.Authenticators, a => Assert.Equal(5000, a.Watermark));
    }

    [Fact]
    public void Decide_UsedOnOneAuthenticatorAndFreshOnAnother_IsAccepted()
    {
        var record = Record(Authenticator(1, 5000), Authenticator(2, 0));

        var decision = Decide(record, CodeOf(5000), 5000);

        Assert.Equal(MfaMethod.Totp, decision.Outcome.Method);
    }

    [Fact]
    public void Decide_AcceptedOnAnotherAuthenticator_LowersNoWatermark()
    {
        var record = Record(Authenticator(1, 6000), Authenticator(2, 0));

        var decision = Decide(record, CodeOf(5000), 5000);

        Assert.Equal([6000, 5000], decision.Record!.Authenticators.Select(a => a.Watermark));
    }

    [Fact]
    public void Decide_Refusals_WriteNothingButMisses()
    {
        var record = Record(Authenticator(1, 5000));

        Assert.Null(Decide(record, CodeOf(5000), 5000).Record);
        Assert.Null(Decide(record, CodeOf(4000), 4000).Record);
        Assert.NotNull(Decide(record, CodeOf(9000) == CodeOf(5000) ? CodeOf(9001) : CodeOf(9000), 5001).Record);
    }
}
