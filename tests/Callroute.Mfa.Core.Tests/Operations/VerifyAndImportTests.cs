using System.Security.Cryptography;
using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class VerifyAndImportTests
{
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    public VerifyAndImportTests() => _scenario = new Scenario(store: _store);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task VerifyAndImportAsync_RightCode_ImportsAndUsesItInOneWrite(int offset)
    {
        var (phone, secret) = _scenario.OldPhone();
        var at = _scenario.Clock.GetUtcNow() + offset * TimeSpan.FromSeconds(30);
        var (code, attempt) = (phone.GetCodeAt(at), _scenario.Mfa.BeginAttempt());
        MfaRecord? first = null;
        _store.OnWrite = async write =>
        {
            var isWritten = await write();
            first ??= await _scenario.RecordAsync();
            return isWritten;
        };

        var result = await _scenario.VerifyAndImportAsync(secret, code, attempt);

        Assert.True(result.Succeeded, result.ToString());
        Assert.NotNull(result.RevealKnownDevice());
        Assert.Equal(new TotpParameters().GetTimeStep(at), first!.Authenticators[0].LastUsedStep);
        Assert.Equal([MfaEventKind.AuthenticatorImported, MfaEventKind.Accepted], first.Events.Select(e => e.Kind));
        Assert.Equal(first.Events.Select(e => e.Kind), _scenario.Events.Select(e => e.Kind));
        Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAndImportAsync(secret, code)).Reason);
        Assert.Equal(result.VerifiedAt, (await _scenario.VerifyAndImportAsync(secret, code, attempt)).VerifiedAt);
        Assert.True((await _scenario.RegenerateAsync(MfaProof.FromReceipt(result.Receipt))).Succeeded);
    }

    [Fact]
    public async Task VerifyAndImportAsync_WrongCodes_AreCountedFromTheFirst()
    {
        var (phone, secret) = _scenario.OldPhone();
        List<RefusalReason?> reasons = [];
        for (var i = 0; i < 6; i++)
        {
            reasons.Add((await _scenario.VerifyAndImportAsync(secret, _scenario.WrongCode(phone))).Reason);
        }

        Assert.Equal([.. Enumerable.Repeat<RefusalReason?>(RefusalReason.WrongCode, 5), RefusalReason.Throttled], reasons);
    }

    [Fact]
    public async Task VerifyAndImportAsync_WrongCode_LeavesTheCodesOnScreensUsable()
    {
        var (phone, secret) = _scenario.OldPhone();
        var onScreen = phone.GetCodeAt(_scenario.Clock.GetUtcNow() - TimeSpan.FromSeconds(30));

        var wrong = await _scenario.VerifyAndImportAsync(secret, _scenario.WrongCode(phone));

        Assert.Equal(RefusalReason.WrongCode, wrong.Reason);
        Assert.True((await _scenario.VerifyAsync(onScreen)).Succeeded);
        Assert.Equal(MfaChangeOutcome.AlreadyImported, (await _scenario.ImportAsync(secret)).Outcome);
    }

    [Theory]
    [InlineData(null, RefusalReason.Malformed)]
    [InlineData("12345", RefusalReason.Malformed)]
    [InlineData("1234567", RefusalReason.Malformed)]
    [InlineData("ABCDE-FGHJK", RefusalReason.Malformed)]
    [InlineData("ABCDEFGHJKMNPQRSTVWXYZ23", RefusalReason.NotEnrolled)]
    public async Task VerifyAndImportAsync_NoCodeOfTheApp_WritesNothing(string? response, RefusalReason expected)
    {
        var result = await _scenario.VerifyAndImportAsync(_scenario.OldPhone().Secret, response);

        Assert.Equal(expected, result.Reason);
        Assert.Null(await _store.FindAsync(_scenario.User, Scenario.Token));
        Assert.Empty(_scenario.Events);
    }

    [Theory]
    [InlineData(9, 6)]
    [InlineData(20, 5)]
    public async Task VerifyAndImportAsync_ShortSecretOrCodes_AreUnavailableAndWriteNothing(int size, int digits)
    {
        using var secret = SharedSecret.FromBytes(RandomNumberGenerator.GetBytes(size), minimumSize: 1);

        var result = await _scenario.VerifyAndImportAsync(secret, "123456", parameters: new() { Digits = digits });

        Assert.IsType<NotSupportedException>(result.Cause);
        Assert.Null(await _store.FindAsync(_scenario.User, Scenario.Token));
    }

    [Fact]
    public async Task VerifyAndImportAsync_AnotherPhoneIsBound_VerifiesThatOne()
    {
        var (bound, _) = await _scenario.EnrollAsync();
        var (retired, secret) = _scenario.OldPhone();

        var old = await _scenario.VerifyAndImportAsync(secret, retired.GetCode());
        var current = await _scenario.VerifyAndImportAsync(secret, bound.GetCode());

        Assert.Equal((RefusalReason.WrongCode, null), (old.Reason, current.Reason));
        Assert.Single((await _scenario.StatusAsync()).Authenticators);
    }

    [Fact]
    public async Task VerifyAndImportAsync_AfterAReset_ImportsNothing()
    {
        var (phone, secret) = _scenario.OldPhone();
        await _scenario.ResetAsync();

        var result = await _scenario.VerifyAndImportAsync(secret, phone.GetCode());

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
        Assert.False((await _scenario.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task VerifyAndImportAsync_OneCodeInManyFirstSignIns_IsAcceptedOnce()
    {
        var (phone, secret) = _scenario.OldPhone();
        var code = phone.GetCode();

        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => _scenario.VerifyAndImportAsync(secret, code))));

        Assert.Single(results, result => result.Succeeded);
        Assert.Single(_scenario.Events, e => e.Kind == MfaEventKind.AuthenticatorImported);
    }
}
