using System.Text.Json;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Flows;

public sealed class ChangesTests
{
    private readonly Scenario _scenario = new();

    public static TheoryData<string> ProvedChanges => ["disable", "remove", "regenerate", "enroll"];

    private async Task<MfaChangeOutcome> ChangeAsync(string change, MfaProof? proof)
    {
        var (mfa, user) = (_scenario.Mfa, _scenario.User);
        return change switch
        {
            "disable" => (await mfa.DisableAsync(user, proof, Scenario.Token)).Outcome,
            "remove" => (await mfa.RemoveAuthenticatorAsync(user, (await _scenario.StatusAsync()).Authenticators[0].Id, proof, Scenario.Token)).Outcome,
            "regenerate" => (await mfa.RegenerateRecoveryCodesAsync(user, proof, Scenario.Token)).Outcome,
            _ => (await mfa.BeginEnrollmentAsync(user, "alice", proof, cancellationToken: Scenario.Token)).Outcome,
        };
    }

    [Theory]
    [MemberData(nameof(ProvedChanges))]
    public async Task Change_NoProof_WantsOne(string change)
    {
        await _scenario.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.ProofRequired, await ChangeAsync(change, null));
    }

    [Theory]
    [MemberData(nameof(ProvedChanges))]
    public async Task Change_WrongCode_IsRefusedAndCharged(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var outcome = await ChangeAsync(change, MfaProof.FromCode(_scenario.WrongCode(phone), _scenario.Mfa.BeginAttempt()));

        Assert.Equal(MfaChangeOutcome.ProofRefused, outcome);
        Assert.Equal(1, (await _scenario.StatusAsync()).Totp.ConsecutiveFailures);
    }

    [Theory]
    [MemberData(nameof(ProvedChanges))]
    public async Task Change_UsedCode_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, _scenario.CodeOf(phone)));
    }

    [Theory]
    [MemberData(nameof(ProvedChanges))]
    public async Task Change_OldReceipt_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, proof));
    }

    [Theory]
    [MemberData(nameof(ProvedChanges))]
    public async Task Change_ReceiptOfAnotherUser_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var foreign = await _scenario.ReceiptAsync(phone.GetCode());
        _scenario.User = new MfaSubject("user-2");
        await _scenario.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, foreign));
    }

    [Theory]
    [MemberData(nameof(ProvedChanges))]
    public async Task Change_AlteredReceipt_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var result = await _scenario.VerifyAsync(phone.GetCode());
        var text = result.Receipt!.Reveal();
        var altered = text[..^6] + (text[^6] == 'A' ? 'B' : 'A') + text[^5..];
        Assert.True(MfaReceipt.TryParse(altered, out var receipt));

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, MfaProof.FromReceipt(receipt)));
    }

    [Fact]
    public async Task DisableAsync_YoungReceipt_RemovesFactorsAndKeepsThrottleAndHistory()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.FailAsync(3, () => _scenario.WrongCode(phone));

        var disabled = await _scenario.Mfa.DisableAsync(_scenario.User, proof, Scenario.Token);

        Assert.True(disabled.Succeeded);
        var status = await _scenario.StatusAsync();
        Assert.False(status.IsEnabled);
        Assert.Equal(0, status.RecoveryCodesLeft);
        Assert.Equal(3, status.Totp.ConsecutiveFailures);
        Assert.Equal(MfaEventKind.Disabled, status.RecentEvents[^1].Kind);
        Assert.Equal(RefusalReason.NotEnrolled, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
        Assert.Equal(RefusalReason.NotEnrolled, (await _scenario.VerifyAsync(codes!.Reveal()[0])).Reason);
    }

    [Fact]
    public async Task DisableAsync_ReceiptOfBefore_ProvesNothingAfterEnrollingAgain()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.Mfa.DisableAsync(_scenario.User, proof, Scenario.Token);
        await _scenario.EnrollAsync();

        var again = await _scenario.Mfa.DisableAsync(_scenario.User, proof, Scenario.Token);

        Assert.Equal(MfaChangeOutcome.ProofRefused, again.Outcome);
    }

    [Fact]
    public async Task DisableAsync_RecoveryCodeAsProof_IsDone()
    {
        var (_, codes) = await _scenario.EnrollAsync();

        var disabled = await _scenario.Mfa.DisableAsync(_scenario.User, MfaProof.FromCode(codes!.Reveal()[0], _scenario.Mfa.BeginAttempt()), Scenario.Token);

        Assert.True(disabled.Succeeded);
        Assert.Equal(MfaMethod.RecoveryCode, disabled.Verification!.Method);
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_OneOfTwo_LeavesTheOther()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var (tablet, _) = await _scenario.EnrollAsync(_scenario.CodeOf(phone));
        var phoneId = (await _scenario.StatusAsync()).Authenticators[0].Id;

        var removed = await _scenario.Mfa.RemoveAuthenticatorAsync(_scenario.User, phoneId, _scenario.CodeOf(tablet), Scenario.Token);
        _scenario.NextCode();

        Assert.True(removed.Succeeded);
        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
        Assert.True((await _scenario.VerifyAsync(tablet.GetCode())).Succeeded);
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_TheLast_IsRefused()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var id = (await _scenario.StatusAsync()).Authenticators[0].Id;

        var removed = await _scenario.Mfa.RemoveAuthenticatorAsync(_scenario.User, id, _scenario.CodeOf(phone), Scenario.Token);

        Assert.Equal(MfaChangeOutcome.LastAuthenticator, removed.Outcome);
    }

    [Fact]
    public async Task ResetAsync_LockedOutUser_MayEnrolAgainAndTheReasonIsKept()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.FailAsync(20, () => _scenario.WrongCode(phone));

        var reset = await _scenario.Mfa.ResetAsync(_scenario.User, "Phone stolen,\nidentity checked", Scenario.Token);
        var (device, codes) = await _scenario.EnrollAsync();

        Assert.True(reset.Succeeded);
        Assert.NotNull(codes);
        Assert.True((await _scenario.VerifyAsync(device.GetCode())).Succeeded);
        Assert.Contains((await _scenario.StatusAsync()).RecentEvents, e => e is { Kind: MfaEventKind.Reset, Reason: "Phone stolen,identity checked" });
    }

    [Fact]
    public async Task ChangesThatAUserShouldHearOf_Done_AreToldToTheListener()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(codes!.Reveal()[0]);
        await _scenario.Mfa.DisableAsync(_scenario.User, _scenario.CodeOf(phone), Scenario.Token);
        await _scenario.EnrollAsync();
        await _scenario.Mfa.ResetAsync(_scenario.User, "Phone stolen", Scenario.Token);
        await _scenario.Mfa.EraseAsync(_scenario.User, Scenario.Token);

        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.Reset, Reason: "Phone stolen" });
        Assert.All(
            [MfaEventKind.AuthenticatorBound, MfaEventKind.RecoveryCodesIssued, MfaEventKind.Disabled, MfaEventKind.Erased],
            kind => Assert.Contains(_scenario.Events, e => e.Kind == kind));
    }

    [Fact]
    public async Task ResetAsync_NoRecord_IsNotEnrolled() =>
        Assert.Equal(MfaChangeOutcome.NotEnrolled, (await _scenario.Mfa.ResetAsync(_scenario.User, "reason", Scenario.Token)).Outcome);

    [Fact]
    public async Task EraseAsync_Record_LeavesNothing()
    {
        await _scenario.EnrollAsync();

        var erased = await _scenario.Mfa.EraseAsync(_scenario.User, Scenario.Token);
        var again = await _scenario.Mfa.EraseAsync(_scenario.User, Scenario.Token);

        Assert.True(erased.Succeeded);
        Assert.Equal(MfaChangeOutcome.NotEnrolled, again.Outcome);
        Assert.Null(await _scenario.Store.FindAsync(_scenario.User, Scenario.Token));
        Assert.Null(await _scenario.Mfa.ExportAsync(_scenario.User, Scenario.Token));
    }

    [Fact]
    public async Task ExportAsync_Record_IsJsonWithoutSecretsOrHashes()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(phone.GetCode());

        var export = await _scenario.Mfa.ExportAsync(_scenario.User, Scenario.Token);

        using var json = JsonDocument.Parse(export!);
        Assert.Equal("user-1", json.RootElement.GetProperty("subject").GetProperty("userId").GetString());
        Assert.True(json.RootElement.GetProperty("mfa").GetProperty("isEnabled").GetBoolean());
        Assert.DoesNotContain("argon2", export, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(codes!.Reveal()[0], export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStatusAsync_ManyEvents_KeepsTheLast32()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        for (var i = 0; i < 60; i++)
        {
            await _scenario.VerifyAsync(phone.GetCode());
            _scenario.NextCode();
        }

        var events = (await _scenario.StatusAsync()).RecentEvents;

        Assert.Equal(32, events.Count);
        Assert.All(events, e => Assert.Equal(MfaEventKind.Accepted, e.Kind));
    }
}
