using System.Security.Cryptography;
using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class ImportAuthenticatorTests
{
    private static readonly MfaChangeOutcome[] Refusals = [MfaChangeOutcome.AlreadyEnrolled, MfaChangeOutcome.AlreadyImported];

    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    public ImportAuthenticatorTests() => _scenario = new Scenario(store: _store);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ImportAuthenticatorAsync_CodeThatTheOldSystemMayHaveAccepted_IsReplayed(int offset)
    {
        var (phone, secret) = _scenario.OldPhone();
        var code = phone.GetCodeAt(_scenario.Clock.GetUtcNow() + offset * TimeSpan.FromSeconds(30));

        await _scenario.ImportAsync(secret);

        Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAsync(code)).Reason);
        _scenario.NextCode();
        await _scenario.AssertAcceptsNextAsync(phone);
    }

    [Fact]
    public async Task ImportAuthenticatorAsync_NewUser_IsMarkedUntilReplaced()
    {
        var row = new UserRow();
        var scenario = new Scenario(options => options.OnEnrolledChanged = row.WriteAsync);
        var phone = await scenario.ImportPhoneAsync();
        var imported = (await scenario.StatusAsync()).Authenticators[0];

        var asked = (await scenario.StatusAsync()).ShouldEnrollAgain;
        await scenario.EnrollAsync(scenario.CodeOf(phone), imported.Id);

        Assert.Equal((true, "old phone", null), (imported.IsImported, imported.Name, imported.LastUsedAt));
        Assert.Single(scenario.Events, e => e.Kind == MfaEventKind.AuthenticatorImported && e.AuthenticatorId == imported.Id);
        Assert.Single(scenario.Events, e => e.Kind == MfaEventKind.AuthenticatorRemoved && e.AuthenticatorId == imported.Id);
        Assert.True(row.IsEnrolled);
        var status = await scenario.StatusAsync();
        Assert.Equal((true, false, false), (asked, status.Authenticators[0].IsImported, status.ShouldEnrollAgain));
    }

    [Theory]
    [InlineData("unfinished enrolment", MfaChangeOutcome.Succeeded)]
    [InlineData("imported", MfaChangeOutcome.AlreadyImported)]
    [InlineData("imported, other digits", MfaChangeOutcome.AlreadyEnrolled)]
    [InlineData("another imported", MfaChangeOutcome.AlreadyEnrolled)]
    [InlineData("replaced", MfaChangeOutcome.AlreadyEnrolled)]
    [InlineData("enrolled", MfaChangeOutcome.AlreadyEnrolled)]
    [InlineData("disabled", MfaChangeOutcome.AlreadyEnrolled)]
    [InlineData("reset", MfaChangeOutcome.AlreadyEnrolled)]
    public async Task ImportAuthenticatorAsync_Record_DecidesAndStays(string state, MfaChangeOutcome expected)
    {
        var (phone, secret) = _scenario.OldPhone();
        await (state switch
        {
            "unfinished enrolment" => _scenario.BeginAsync(),
            "imported" => _scenario.ImportAsync(secret),
            "imported, other digits" => _scenario.ImportAsync(secret, new() { Digits = 8 }),
            "another imported" => _scenario.ImportPhoneAsync(),
            "replaced" => ReplaceAsync(),
            "enrolled" => _scenario.EnrollAsync(),
            "disabled" => DisableAsync(),
            _ => _scenario.ResetAsync(),
        });
        var before = await _scenario.StatusAsync();

        var result = await _scenario.ImportAsync(secret);

        var after = await _scenario.StatusAsync();
        Assert.Equal(expected, result.Outcome);
        Assert.Null((await _scenario.RecordAsync()).PendingEnrollment);
        Assert.Equal(Refusals.Contains(expected), before.BindingVersion == after.BindingVersion);
        Assert.Equal(result.Succeeded ? 1 : 0, after.RecentEvents.Count - before.RecentEvents.Count);

        async Task ReplaceAsync()
        {
            await _scenario.ImportAsync(secret);
            _scenario.Clock.Advance(TimeSpan.FromSeconds(60));
            await _scenario.EnrollAsync(_scenario.CodeOf(phone), await _scenario.FirstAuthenticatorAsync());
        }

        async Task DisableAsync() => await _scenario.DisableAsync(_scenario.CodeOf((await _scenario.EnrollAsync()).Phone));
    }

    [Theory]
    [InlineData(9, 6, false, MfaChangeOutcome.NotImportable, null)]
    [InlineData(10, 6, false, MfaChangeOutcome.Succeeded, "short secret: 10 bytes")]
    [InlineData(15, 8, false, MfaChangeOutcome.Succeeded, "short secret: 15 bytes")]
    [InlineData(16, 6, false, MfaChangeOutcome.Succeeded, null)]
    [InlineData(20, 5, false, MfaChangeOutcome.NotImportable, null)]
    [InlineData(20, 5, true, MfaChangeOutcome.Succeeded, null)]
    public async Task ImportAuthenticatorAsync_ShortSecretOrCodes_AreRefusedOrFlagged(
        int size, int digits, bool allowsShort, MfaChangeOutcome expected, string? reason)
    {
        var scenario = new Scenario(options => options.AllowShortCodes = allowsShort);
        using var secret = SharedSecret.FromBytes(RandomNumberGenerator.GetBytes(size), minimumSize: 1);

        var result = await scenario.ImportAsync(secret, new() { Digits = digits });

        Assert.Equal(expected, result.Outcome);
        Assert.Equal(result.Succeeded, (await scenario.StatusAsync()).IsEnabled);
        Assert.Equal(reason, scenario.Events.SingleOrDefault()?.Reason);
    }

    [Theory]
    [InlineData(true, MfaChangeOutcome.AlreadyImported)]
    [InlineData(false, MfaChangeOutcome.AlreadyEnrolled)]
    public async Task ImportAuthenticatorAsync_LateReplicaHasNoRecord_FindsWhatIsThere(bool isSame, MfaChangeOutcome expected)
    {
        var (_, secret) = _scenario.OldPhone();
        await _scenario.ImportAsync(secret);
        var reads = 0;
        _store.OnFind = (_, stored) => ++reads > 2 ? stored : null;

        var result = await _scenario.ImportAsync(isSame ? secret : _scenario.OldPhone().Secret);

        Assert.Equal(expected, result.Outcome);
    }

    // A command may destroy the old secret after this answer, so the record must be there after a failover.
    [Fact]
    public async Task ImportAuthenticatorAsync_AlreadyImportedButNotDurable_IsUnavailable()
    {
        var (_, secret) = _scenario.OldPhone();
        await _scenario.ImportAsync(secret);
        _store.OnWrite = _ => new(false);

        Assert.Equal(MfaChangeOutcome.Unavailable, (await _scenario.ImportAsync(secret)).Outcome);
    }

    [Fact]
    public async Task ImportAuthenticatorAsync_CallerDisposesTheSecretAtOnce_IsImported()
    {
        var (phone, secret) = _scenario.OldPhone();
        var running = _scenario.ImportAsync(secret);
        secret.Dispose();

        Assert.True((await running).Succeeded);
        _scenario.NextCode();
        await _scenario.AssertAcceptsNextAsync(phone);
    }
}
