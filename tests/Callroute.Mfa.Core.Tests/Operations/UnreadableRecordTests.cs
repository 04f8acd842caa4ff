namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>A record that cannot be read: no operation passes it over, and only a reset or an erasure ends it.</summary>
public sealed class UnreadableRecordTests
{
    private static readonly Dictionary<string, Func<Scenario, Task>> ThatThrow = new()
    {
        ["status"] = scenario => scenario.StatusAsync(),
        ["export"] = scenario => scenario.ExportAsync(),
        ["begin"] = scenario => scenario.BeginAsync(),
        ["resume"] = scenario => scenario.ResumeAsync(default),
        ["confirm"] = scenario => scenario.Mfa.ConfirmEnrollmentAsync(scenario.User, default, "123456", Scenario.Token).AsTask(),
        ["acknowledge"] = scenario => scenario.Mfa.AcknowledgeRecoveryCodesAsync(scenario.User, default, Scenario.Token).AsTask(),
        ["regenerate"] = scenario => scenario.RegenerateAsync(proof: null),
        ["remove"] = scenario => scenario.RemoveAsync(default, proof: null),
        ["rename"] = scenario => scenario.Mfa.RenameAuthenticatorAsync(scenario.User, default, null, Scenario.Token).AsTask(),
        ["disable"] = scenario => scenario.DisableAsync(proof: null),
        ["revoke devices"] = scenario => scenario.RevokeAsync(proof: null),
        ["unlock"] = scenario => scenario.UnlockAsync(),
    };

    private readonly Scenario _scenario = new();

    public static TheoryData<string> Operations => [.. ThatThrow.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operation_UnreadableRecord_ThrowsAndChangesNothing(string operation)
    {
        await SpoilAsync();

        await Assert.ThrowsAsync<InvalidDataException>(() => ThatThrow[operation](_scenario));

        Assert.Equal("spoilt", await _scenario.DocumentAsync());
    }

    [Fact]
    public async Task Code_UnreadableRecord_IsUnavailableAndProvesNothing()
    {
        await SpoilAsync();

        var disabled = await _scenario.DisableAsync(_scenario.ProofOf("123456"));

        Assert.Equal(MfaChangeOutcome.ProofRefused, disabled.Outcome);
        Assert.Equal(RefusalReason.Unavailable, disabled.Verification!.Reason);
        Assert.Equal(RefusalReason.Unavailable, (await _scenario.VerifyAsync(Scenario.WrongRecoveryCode())).Reason);
    }

    private async Task SpoilAsync()
    {
        await _scenario.EnrollAsync();
        await _scenario.EditAsync(_ => "spoilt");
    }
}
