using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Operations;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>The rule is tested with codes of four digits, so that many steps share a code.</summary>
public sealed class VerifyTotpTests
{
    private readonly Scenario _scenario = new();

    private static readonly TotpParameters FourDigits = new() { Digits = 4 };
    private static readonly MfaOptions Options = new() { Issuer = "Callroute", AllowShortCodes = true, Digits = FourDigits.Digits };
    private static readonly SharedSecret Secret = SharedSecret.FromBytes("12345678901234567890"u8);

    private static AuthenticatorRecord Authenticator(byte id, long lastUsedStep) => new()
    {
        Id = new Guid([.. Enumerable.Repeat(id, 16)]),
        ProtectedSecret = [],
        Parameters = FourDigits,
        LastUsedStep = lastUsedStep,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static MfaRecord Record(params AuthenticatorRecord[] authenticators) =>
        MfaRecord.Create(new MfaSubject("user"), Guid.Empty) with { Authenticators = authenticators };

    private static Decision<VerificationResult> Decide(MfaRecord record, string code, long step) =>
        VerifyTotp.Decide(
            record,
            [.. Matches(record, code, step)],
            new(AttemptId.Create(), null, GivesBack: true, BindingVersion: null),
            DeviceGroup.Unknown,
            Options,
            FourDigits.GetStartOf(step));

    private static IEnumerable<VerifyTotp.Match> Matches(MfaRecord record, string code, long step) =>
        from authenticator in record.Authenticators
        let match = Totp.Verify(Secret, FourDigits, code, FourDigits.GetStartOf(step), pastSteps: 1, futureSteps: 1)
        where match is not null
        select new VerifyTotp.Match(authenticator, match.Value);

    private static string CodeOf(long step) => Totp.Generate(Secret, FourDigits, FourDigits.GetStartOf(step));

    [Fact]
    public void Decide_AcceptedCode_IsRefusedAtEveryLaterInstantOfItsWindow()
    {
        // 100,000 cases: 25,000 steps at four later times. Natural collisions are included.
        for (var step = 1_000_000L; step < 1_025_000; step++)
        {
            var code = CodeOf(step);
            var record = Decide(Record(Authenticator(1, 0)), code, step).Record!;
            var lastUsed = record.Authenticators[0].LastUsedStep;
            for (var later = 0; later <= 3; later++)
            {
                var again = Decide(record, code, step + later);
                var hasFreshStep = Enumerable.Range(-1, 3).Any(i => step + later + i > lastUsed && CodeOf(step + later + i) == code);
                Assert.Equal(hasFreshStep, again.Result.Succeeded);
            }
        }
    }

    [Theory]
    [InlineData(0, 5000)]
    [InlineData(5000, 5000)]
    [InlineData(6000, 6000)]
    public void Decide_TwoAuthenticatorsWithOneCode_RaisesTheLastUsedStepOfEachAndLowersNone(long used, long expected)
    {
        var decision = Decide(Record(Authenticator(1, used), Authenticator(2, 0)), CodeOf(5000), 5000);

        Assert.Equal(MfaMethod.Totp, decision.Result.Method);
        Assert.Equal([expected, 5000], decision.Record!.Authenticators.Select(a => a.LastUsedStep));
    }

    [Fact]
    public void Decide_Refusals_WriteNothingButMisses()
    {
        var record = Record(Authenticator(1, 5000));

        Assert.Null(Decide(record, CodeOf(5000), 5000).Record);
        Assert.Null(Decide(record, CodeOf(4000), 4000).Record);
        Assert.NotNull(Decide(record, CodeOf(9000) == CodeOf(5000) ? CodeOf(9001) : CodeOf(9000), 5001).Record);
    }

    [Fact]
    public async Task VerifyAsync_CurrentCode_IsAcceptedOnce()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var first = await _scenario.VerifyAsync(phone.GetCode());
        var second = await _scenario.VerifyAsync(phone.GetCode());

        Assert.True(first.Succeeded);
        Assert.Equal(MfaMethod.Totp, first.Method);
        Assert.Equal(RefusalReason.Replayed, second.Reason);
        Assert.Equal(TimeSpan.FromSeconds(30), second.RetryAfter);
        Assert.Equal(UserMessage.WaitUntil, second.UserMessage);
    }

    [Fact]
    public async Task VerifyAsync_CodeThatConfirmedTheEnrollment_IsRefused()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        await _scenario.ConfirmAsync(offer, phone.GetCode());

        Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    [Fact]
    public async Task VerifyAsync_PreviousCodeAfterALaterOne_IsRefused()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var previous = phone.GetCode();
        _scenario.NextCode();
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);

        Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAsync(previous)).Reason);
    }

    [Theory]
    [InlineData("{0}{1}")]
    [InlineData("{0} {1}")]
    [InlineData(" {0}-{1} ")]
    public async Task VerifyAsync_UsedCodeInAnySpelling_IsRefusedAndNotCounted(string format)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var code = phone.GetCode();
        await _scenario.VerifyAsync(code);
        var spelled = string.Format(System.Globalization.CultureInfo.InvariantCulture, format, code[..3], code[3..]);

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAsync(spelled)).Reason);
        }

        Assert.Equal(0, (await _scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Theory]
    [InlineData(-2, RefusalReason.WrongCode)]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(2, RefusalReason.WrongCode)]
    public async Task VerifyAsync_StepsFromNow_FollowsTheWindow(int steps, RefusalReason? expected)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromMinutes(5));
        var code = phone.GetCodeAt(_scenario.Clock.GetUtcNow() + steps * TimeSpan.FromSeconds(30));

        Assert.Equal(expected, (await _scenario.VerifyAsync(code)).Reason);
    }

    [Fact]
    public async Task VerifyAsync_TwoUsersWithTheSameSecret_BothSucceed()
    {
        var (phone, secret) = _scenario.OldPhone();
        Scenario[] users = [_scenario, _scenario.Beside()];
        users[1].User = new MfaSubject("user-2");
        await users[0].ImportAsync(secret);
        await users[1].ImportAsync(secret);
        _scenario.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True((await users[0].VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True((await users[1].VerifyAsync(phone.GetCode())).Succeeded);
    }

    // Random nonces allow 2^32 encryptions under one key. Sign-ins must not use them up.
    [Fact]
    public async Task VerifyAsync_SignIns_EncryptNothing()
    {
        var encryptions = 0;
        var protector = new HookedProtector(new AesGcmSecretProtector(Scenario.NewKeys("k1"))) { OnProtect = () => encryptions++ };
        var scenario = new Scenario(protector: protector);
        var (phone, _) = await scenario.EnrollAsync();
        scenario.KnownDevice = scenario.FirstDevice;
        var before = encryptions;
        for (var i = 0; i < 20; i++)
        {
            await scenario.AssertAcceptsNextAsync(phone);
        }

        Assert.Equal(before, encryptions);
    }

    [Fact]
    public async Task VerifyAsync_ClockBehindTheLastUsedStep_IsNeitherCountedNorAccepted()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
        _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() - TimeSpan.FromMinutes(4));

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.ClockBehind, result.Reason);
        Assert.Equal(TimeSpan.FromSeconds(240 + 30), result.RetryAfter);
        Assert.Contains(_scenario.Events, e => e.Kind == MfaEventKind.ClockBehind);
        Assert.Equal(0, (await _scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(90)]
    [InlineData(3600)]
    [InlineData(86400)]
    public async Task VerifyAsync_ClockMovedAndCorrected_NeverAcceptsACodeTwice(int seconds)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var used = phone.GetCode();
        var accepted = await _scenario.VerifyAsync(used);
        Assert.True(accepted.Succeeded, $"{accepted} {accepted.Cause}");

        foreach (var jump in new[] { seconds, -seconds, -seconds, seconds })
        {
            _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(jump));
            Assert.False((await _scenario.VerifyAsync(used)).Succeeded);
        }
    }

    [Fact]
    public async Task VerifyAsync_SecretUnderAnOlderKey_IsEncryptedAnew()
    {
        var keys = new TwoKeys();
        var (phone, _) = await _scenario.Beside(protector: keys.OnlyOld).EnrollAsync();
        Assert.True((await _scenario.Beside(protector: keys.Both).VerifyAsync(phone.GetCode())).Succeeded);

        await _scenario.Beside(protector: keys.OnlyNew).AssertAcceptsNextAsync(phone);
    }

    // A server that got the new key late encrypted a secret with the old one.
    [Fact]
    public async Task VerifyAsync_AbandonedEnrollmentUnderALostKey_IsStillAccepted()
    {
        var keys = new TwoKeys();
        var scenario = _scenario.Beside(protector: keys.Both);
        var (phone, _) = await scenario.EnrollAsync();
        var receipt = await scenario.ReceiptAsync(phone.GetCode());
        Assert.True((await scenario.Beside(protector: keys.BothWithOldActive).BeginAsync(receipt)).Succeeded);
        scenario.Clock.Advance(TimeSpan.FromDays(30));

        var result = await scenario.Beside(protector: keys.OnlyNew).VerifyAsync(phone.GetCode());

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    [Fact]
    public async Task VerifyAsync_SecretOfAnotherUser_IsUnavailable()
    {
        await _scenario.EnrollAsync();
        var victim = SecretOf(await _scenario.DocumentAsync());
        var mallory = new Scenario(store: _scenario.Store, protector: _scenario.Protector) { User = new MfaSubject("mallory") };
        var (phone, _) = await mallory.EnrollAsync();
        var attacker = SecretOf(await mallory.DocumentAsync());
        await _scenario.EditAsync(document => document.Replace(victim, attacker, StringComparison.Ordinal));

        Assert.Equal(RefusalReason.Unavailable, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(180, false)]
    public async Task VerifyAsync_ArraysOfAnotherProtector_AreWiped(int surplus, bool isAccepted)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        List<byte[]> returned = [];
        var other = _scenario.Beside(protector: new HookedProtector(_scenario.Protector)
        {
            OnUnprotected = plaintext =>
            {
                returned.Add([.. plaintext, .. new byte[surplus]]);
                return returned[^1];
            },
        });

        Assert.Equal(isAccepted, (await other.VerifyAsync(phone.GetCode())).Succeeded);

        Assert.NotEmpty(returned);
        Assert.All(returned, bytes => Assert.Equal(new byte[bytes.Length], bytes));
    }

    private static string SecretOf(string document) =>
        System.Text.Json.Nodes.JsonNode.Parse(document)!["authenticators"]![0]!["protectedSecret"]!.GetValue<string>();
}
