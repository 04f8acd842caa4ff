using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>Each fault of the store, at each call that an operation makes.</summary>
public sealed class FaultTests
{
    private static readonly StoreFault[] FaultsOfReads =
        [StoreFault.ThrowBefore, StoreFault.ThrowAfterCommit, StoreFault.TimeOutAfterCommit, StoreFault.StaleRead];

    private static readonly Dictionary<string, Func<Scenario, FaultLoop, Task>> Reads = new()
    {
        ["sign-in requirement"] = SignInRequirementStaysClosedAsync,
        ["status"] = StatusIsRightOrThrowsAsync,
        ["export"] = ExportIsRightOrThrowsAsync,
        ["resume enrolment"] = ResumedEnrollmentIsTheSameAsync,
    };

    private static readonly Dictionary<string, Func<Scenario, FaultLoop, Task>> Changes = new()
    {
        ["code of an app"] = TotpIsAcceptedOnceAsync,
        ["used and wrong codes of an app"] = UsedTotpStaysUsedAsync,
        ["recovery code"] = RecoveryCodeLeavesTheUserWithACodeAsync,
        ["repeated recovery code"] = RepeatedRecoveryCodeGivesTheSameCodesAsync,
        ["used recovery code"] = UsedRecoveryCodeStaysUsedAsync,
        ["begin the first enrolment"] = FirstOfferCanBeConfirmedAsync,
        ["begin an enrolment by a code"] = CodeThatProvedAnEnrollmentIsUsedOnceAsync,
        ["begin an enrolment by a recovery code"] = RecoveryCodeThatProvedAnEnrollmentIsReplacedAsync,
        ["begin a replacement"] = ReplacedAuthenticatorWorksUntilConfirmedAsync,
        ["confirm the first enrolment"] = FirstConfirmationIsWholeAsync,
        ["confirm a second enrolment"] = SecondConfirmationKeepsTheFirstAsync,
        ["confirm a replacement"] = ConfirmedReplacementLeavesExactlyOneAsync,
        ["acknowledge recovery codes"] = AcknowledgedCodesWorkThroughoutAsync,
        ["regenerate recovery codes by a receipt"] = OldCodesWorkAfterRegeneratingAsync,
        ["regenerate recovery codes by a code"] = NewCodesWorkAfterRegeneratingAsync,
        ["remove an authenticator"] = RemovingKeepsTheOtherAsync,
        ["disable"] = IsWhole((scenario, proof) => scenario.DisableAsync(proof)),
        ["reset"] = IsWhole((scenario, _) => scenario.ResetAsync()),
        ["erase"] = IsWhole((scenario, _) => scenario.EraseAsync()),
        ["import an authenticator"] = ImportedAuthenticatorWorksAsync,
        ["import at a sign-in"] = FirstCodeOfAnImportIsAcceptedOnceAsync,
        ["import recovery codes"] = ImportedCodesWorkAsync,
        ["rotate keys"] = KeyRotationIsFinishedByTheNextRunAsync,
    };

    public static MatrixTheoryData<string, StoreFault> FaultyReads => new(Reads.Keys, FaultsOfReads);

    public static MatrixTheoryData<string, StoreFault> FaultyChanges => new(Changes.Keys, Enum.GetValues<StoreFault>());

    [Theory]
    [MemberData(nameof(FaultyReads))]
    [MemberData(nameof(FaultyChanges))]
    public Task Operation_FaultAtAnyCall_IsWhollyDoneOrRefused(string operation, StoreFault fault) =>
        FaultLoop.RunAsync(fault, Reads.GetValueOrDefault(operation) ?? Changes[operation]);

    private static async Task SignInRequirementStaysClosedAsync(Scenario scenario, FaultLoop faults)
    {
        await scenario.EnrollAsync();

        var requirement = await faults.TryAsync<object>(async () => await scenario.RequirementAsync(isEnrolled: true));

        Assert.Contains((SignInRequirement)requirement!, new[] { SignInRequirement.Required, SignInRequirement.Unavailable });
        Assert.Equal(SignInRequirement.Required, await scenario.RequirementAsync());
    }

    private static async Task StatusIsRightOrThrowsAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, _) = await scenario.EnrollAsync();

        var status = await faults.TryAsync(scenario.StatusAsync);

        Assert.True(status is null || status.IsEnabled || faults.IsStaleRead);
        Assert.True((await scenario.StatusAsync()).IsEnabled);
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task ExportIsRightOrThrowsAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, _) = await scenario.EnrollAsync();
        var right = await scenario.ExportAsync();

        var export = await faults.TryAsync(scenario.ExportAsync);

        Assert.True(export is null || export == right || faults.IsStaleRead);
        Assert.Equal(right, await scenario.ExportAsync());
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task ResumedEnrollmentIsTheSameAsync(Scenario scenario, FaultLoop faults)
    {
        var (offer, phone) = await scenario.BeginAndScanAsync();

        var resumed = await faults.TryAsync(
            async () => await scenario.ResumeAsync(offer.EnrollmentId));

        Assert.True(resumed?.Uri is null || resumed.Uri.Reveal() == offer.Uri!.Reveal());
        Assert.True(resumed is null || resumed.Succeeded || faults.IsStaleRead);
        Assert.True((await scenario.ConfirmAsync(offer, phone.GetCode())).Succeeded);
    }

    private static async Task TotpIsAcceptedOnceAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var code = phone.GetCode();

        var first = await faults.TryAsync(() => scenario.VerifyAsync(code));
        var second = await scenario.VerifyAsync(code);

        Assert.True(first!.Succeeded || first.Reason == RefusalReason.Unavailable, first.ToString());
        Assert.False(first.Succeeded && second.Succeeded);
        Assert.True(second.Succeeded || second.Reason == RefusalReason.Replayed, second.ToString());
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task UsedTotpStaysUsedAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var code = phone.GetCode();
        Assert.True((await scenario.VerifyAsync(code)).Succeeded);

        // A wrong code causes a write, so that the write can fail too.
        var wrong = await faults.TryAsync(async () =>
        {
            Assert.False((await scenario.VerifyAsync(code)).Succeeded);
            return await scenario.VerifyAsync(scenario.WrongCode(phone));
        });

        Assert.False(wrong!.Succeeded);
        var counted = (await scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures;
        Assert.True(wrong.Reason != RefusalReason.WrongCode || counted == 1);
        Assert.Equal(RefusalReason.Replayed, (await scenario.VerifyAsync(code)).Reason);
    }

    private static async Task RecoveryCodeLeavesTheUserWithACodeAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, codes) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var (code, attempt) = (codes!.Reveal()[0], scenario.Mfa.BeginAttempt());

        var first = await faults.TryAsync(() => scenario.VerifyAsync(code, attempt));
        var repeated = await scenario.VerifyAsync(code, attempt);

        Assert.True(first!.Succeeded || first.Reason == RefusalReason.Unavailable, first.ToString());
        Assert.True(repeated.Succeeded, $"{first}, then {repeated}");
        var held = repeated.ReplacementRecoveryCodes!.Reveal()[0];
        Assert.Equal(first.Succeeded ? first.ReplacementRecoveryCodes!.Reveal()[0] : held, held);
        Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(code)).Reason);
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    }

    private static async Task RepeatedRecoveryCodeGivesTheSameCodesAsync(Scenario scenario, FaultLoop faults)
    {
        var (_, codes) = await scenario.EnrollAsync();
        var (code, attempt) = (codes!.Reveal()[0], scenario.Mfa.BeginAttempt());
        var held = (await scenario.VerifyAsync(code, attempt)).ReplacementRecoveryCodes!.Reveal()[0];

        var repeated = await faults.TryAsync(() => scenario.VerifyAsync(code, attempt));

        Assert.True(repeated!.Succeeded || repeated.Reason == RefusalReason.Unavailable, repeated.ToString());
        Assert.True(!repeated.Succeeded || repeated.ReplacementRecoveryCodes!.Reveal()[0] == held);
        Assert.Equal(held, (await scenario.VerifyAsync(code, attempt)).ReplacementRecoveryCodes!.Reveal()[0]);
        Assert.False((await scenario.VerifyAsync(code)).Succeeded);
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    }

    private static async Task UsedRecoveryCodeStaysUsedAsync(Scenario scenario, FaultLoop faults)
    {
        var (_, codes) = await scenario.EnrollAsync();
        var code = codes!.Reveal()[0];
        var held = (await scenario.VerifyAsync(code)).ReplacementRecoveryCodes!.Reveal()[0];

        var again = await faults.TryAsync(() => scenario.VerifyAsync(code));

        Assert.False(again!.Succeeded);
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    }

    private static async Task FirstOfferCanBeConfirmedAsync(Scenario scenario, FaultLoop faults)
    {
        var offer = await faults.TryAsync(() => scenario.BeginAsync());

        offer = offer?.Succeeded == true ? offer : await scenario.BeginAsync();
        using var phone = scenario.Scan(offer);
        Assert.False((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True((await scenario.ConfirmAsync(offer, phone.GetCode())).Succeeded);
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task CodeThatProvedAnEnrollmentIsUsedOnceAsync(Scenario scenario, FaultLoop faults)
    {
        var (old, _) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(old.GetCode());
        var code = old.GetCode();

        var offer = await faults.TryAsync(() => scenario.BeginAsync(scenario.ProofOf(code)));

        var again = await scenario.VerifyAsync(code);
        Assert.False(offer?.Verification?.Succeeded == true && again.Succeeded);
        Assert.True(again.Succeeded || again.Reason == RefusalReason.Replayed, again.ToString());
        await scenario.AssertAcceptsNextAsync(old);
    }

    private static async Task RecoveryCodeThatProvedAnEnrollmentIsReplacedAsync(Scenario scenario, FaultLoop faults)
    {
        var (_, codes) = await scenario.EnrollAsync();
        var proof = scenario.ProofOf(codes!.Reveal()[0]);

        await faults.TryAsync(() => scenario.BeginAsync(proof));
        var again = await scenario.BeginAsync(proof);

        Assert.True(again.Succeeded, again.Outcome.ToString());
        var held = again.Verification!.ReplacementRecoveryCodes!.Reveal()[0];
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    }

    private static async Task ReplacedAuthenticatorWorksUntilConfirmedAsync(Scenario scenario, FaultLoop faults)
    {
        var (old, _) = await scenario.EnrollAsync();
        var (proof, replaced) = (await scenario.ReceiptAsync(old.GetCode()), await scenario.FirstAuthenticatorAsync());

        var offer = await faults.TryAsync(() => scenario.BeginAsync(proof, replaced));

        await scenario.AssertAcceptsNextAsync(old);
        offer = offer?.Succeeded == true ? offer : await scenario.BeginAsync(proof, replaced);
        using var phone = scenario.Scan(offer);
        Assert.True((await scenario.ConfirmAsync(offer, phone.GetCode())).Succeeded);
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task FirstConfirmationIsWholeAsync(Scenario scenario, FaultLoop faults)
    {
        var (offer, phone) = await scenario.BeginAndScanAsync();

        var confirmed = await faults.TryAsync(() => scenario.ConfirmAsync(offer, phone.GetCode()));

        var status = await scenario.StatusAsync();
        Assert.Equal(status.IsEnabled ? 1 : 0, status.RecoveryCodesLeft);
        Assert.True(status.IsEnabled || confirmed?.Succeeded != true);
        Assert.False((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        confirmed = status.IsEnabled ? confirmed : await scenario.ConfirmAsync(offer, phone.GetCode());
        await scenario.AssertAcceptsNextAsync(phone);
        scenario.NextCode();
        var codes = confirmed?.RecoveryCodes ?? (await scenario.RegenerateAsync(scenario.CodeOf(phone))).RecoveryCodes!;
        Assert.True((await scenario.VerifyAsync(codes.Reveal()[0])).Succeeded);
    }

    private static async Task SecondConfirmationKeepsTheFirstAsync(Scenario scenario, FaultLoop faults)
    {
        var (old, codes) = await scenario.EnrollAsync();
        var (offer, phone) = await scenario.BeginAndScanAsync(await scenario.ReceiptAsync(old.GetCode()));

        var confirmed = await faults.TryAsync(() => scenario.ConfirmAsync(offer, phone.GetCode()));

        var isBound = (await scenario.StatusAsync()).Authenticators.Count == 2;
        Assert.True(isBound || confirmed?.Succeeded != true);
        Assert.False((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True(isBound || (await scenario.ConfirmAsync(offer, phone.GetCode())).Succeeded);
        await scenario.AssertAcceptsNextAsync(phone);
        await scenario.AssertAcceptsNextAsync(old);
        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    }

    private static async Task ConfirmedReplacementLeavesExactlyOneAsync(Scenario scenario, FaultLoop faults)
    {
        var (old, codes) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(old.GetCode());
        var (offer, phone) = await scenario.BeginAndScanAsync(proof, await scenario.FirstAuthenticatorAsync());

        var confirmed = await faults.TryAsync(() => scenario.ConfirmAsync(offer, phone.GetCode()));

        scenario.NextCode();
        var (viaNew, viaOld) = (await scenario.VerifyAsync(phone.GetCode()), await scenario.VerifyAsync(old.GetCode()));
        Assert.True(viaNew.Succeeded ^ viaOld.Succeeded, $"{viaNew}, {viaOld}");
        Assert.True(viaNew.Succeeded || confirmed?.Succeeded != true);
        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    }

    private static async Task AcknowledgedCodesWorkThroughoutAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, old) = await scenario.EnrollAsync();
        var issued = (await scenario.RegenerateAsync(await scenario.ReceiptAsync(phone.GetCode()))).RecoveryCodes!;

        var acknowledged = await faults.TryAsync(() => scenario.AcknowledgeAsync(issued));

        Assert.False(acknowledged?.Succeeded == true && (await scenario.StatusAsync()).HasPendingRecoveryCodes);
        Assert.True((await scenario.VerifyAsync(issued.Reveal()[0])).Succeeded);
        Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(old!.Reveal()[0])).Reason);
    }

    private static async Task OldCodesWorkAfterRegeneratingAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, codes) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(phone.GetCode());

        await faults.TryAsync(() => scenario.RegenerateAsync(proof));

        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    }

    private static async Task NewCodesWorkAfterRegeneratingAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, codes) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var code = phone.GetCode();

        var regenerated = await faults.TryAsync(() => scenario.RegenerateAsync(scenario.ProofOf(code)));

        var again = await scenario.VerifyAsync(code);
        Assert.False(regenerated?.Verification?.Succeeded == true && again.Succeeded);
        var held = regenerated?.Succeeded == true ? regenerated.RecoveryCodes! : codes!;
        Assert.True((await scenario.VerifyAsync(held.Reveal()[0])).Succeeded);
    }

    private static async Task RemovingKeepsTheOtherAsync(Scenario scenario, FaultLoop faults)
    {
        var (kept, _) = await scenario.EnrollAsync();
        var (removed, _) = await scenario.EnrollAsync(await scenario.ReceiptAsync(kept.GetCode()));
        var proof = await scenario.ReceiptAsync(kept.GetCode());
        var id = (await scenario.StatusAsync()).Authenticators[^1].Id;

        var result = await faults.TryAsync(() => scenario.RemoveAsync(id, proof));

        var isGone = (await scenario.StatusAsync()).Authenticators.All(a => a.Id != id);
        Assert.True(isGone || result?.Succeeded != true);
        Assert.Equal(!isGone, (await scenario.VerifyAsync(removed.GetCode())).Succeeded);
        await scenario.AssertAcceptsNextAsync(kept);
    }

    private static Func<Scenario, FaultLoop, Task> IsWhole(
        Func<Scenario, MfaProof, Task<MfaChangeResult>> removeAll) => async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(phone.GetCode());

        var result = await faults.TryAsync(() => removeAll(scenario, proof));

        var status = await scenario.StatusAsync();
        Assert.Equal(status.IsEnabled ? 1 : 0, status.RecoveryCodesLeft);
        Assert.Equal(status.IsEnabled ? 1 : 0, status.Authenticators.Count);
        Assert.False(result?.Succeeded == true && status.IsEnabled);
        scenario.NextCode();
        Assert.Equal(status.IsEnabled, (await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.Equal(status.IsEnabled, (await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    };

    private static async Task ImportedAuthenticatorWorksAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, secret) = scenario.OldPhone();

        var first = await faults.TryAsync(() => scenario.ImportAsync(secret));
        var second = await scenario.ImportAsync(secret);

        Assert.Contains(first?.Outcome, new MfaChangeOutcome?[] { MfaChangeOutcome.Succeeded, MfaChangeOutcome.Unavailable, null });
        Assert.True(second.Succeeded ? first?.Succeeded != true : second.Outcome == MfaChangeOutcome.AlreadyImported);
        scenario.NextCode();
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task FirstCodeOfAnImportIsAcceptedOnceAsync(Scenario scenario, FaultLoop faults)
    {
        var (phone, secret) = scenario.OldPhone();
        var code = phone.GetCode();

        var first = await faults.TryAsync(() => scenario.VerifyAndImportAsync(secret, code));
        var second = await scenario.VerifyAndImportAsync(secret, code);

        Assert.True(first!.Succeeded || first.Reason == RefusalReason.Unavailable, first.ToString());
        Assert.False(first.Succeeded && second.Succeeded);
        Assert.True(second.Succeeded || second.Reason == RefusalReason.Replayed, second.ToString());
        await scenario.AssertAcceptsNextAsync(phone);
    }

    private static async Task ImportedCodesWorkAsync(Scenario scenario, FaultLoop faults)
    {
        const string Code = "BCDFG-HJKMN";
        await scenario.ImportPhoneAsync();

        var first = await faults.TryAsync(() => scenario.ImportCodesAsync(Code));
        var second = await scenario.ImportCodesAsync(Code);

        Assert.True(second.Succeeded ? first?.Succeeded != true : second.Outcome == MfaChangeOutcome.AlreadyImported);
        Assert.True((await scenario.VerifyAsync(Code)).Succeeded);
    }

    private static async Task KeyRotationIsFinishedByTheNextRunAsync(Scenario scenario, FaultLoop faults)
    {
        var keys = new TwoKeys();
        var (phone, _) = await scenario.Beside(protector: keys.OnlyOld).EnrollAsync();
        var both = scenario.Beside(protector: keys.Both);

        var results = await faults.TryAsync(both.RotateKeysAsync);
        var again = await both.RotateKeysAsync();

        Assert.False(results!.Single().WasChanged && again.Single().WasChanged);
        Assert.Null(again.Single().Failure);
        await scenario.Beside(protector: keys.OnlyNew).AssertAcceptsNextAsync(phone);
    }
}
