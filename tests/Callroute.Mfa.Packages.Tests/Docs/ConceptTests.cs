using Callroute.Mfa.Packages.Tests.Docs.Snippets;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Testing;
using static Callroute.Mfa.Packages.Tests.Docs.Setting;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Runs the code of the concept pages and checks their statements.</summary>
public sealed class ConceptTests
{
    private const string NeverShown = "Not to be shown.";

    [Fact]
    public async Task Codes_Twice_AreAcceptedOnce()
    {
        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();

        var (first, again) = await Codes.VerifyTwiceAsync(setting.Mfa, Alice, phone.GetCode());

        Assert.True(first.Succeeded);
        Assert.Equal(RefusalReason.Replayed, again.Reason);
        Assert.Equal(TimeSpan.FromSeconds(30), again.RetryAfter);
    }

    [Fact]
    public async Task Codes_Options_ReachThePhone()
    {
        var setting = new Setting(Codes.Options());

        var (phone, _) = await setting.EnrollAsync();
        var offer = await setting.BeginAsync(MfaProof.FromCode(phone.GetCode(), setting.Mfa.BeginAttempt()));

        Assert.Equal(8, phone.GetCode().Length);
        Assert.Equal((0, 0), (setting.Options.PastSteps, setting.Options.FutureSteps));
        Assert.Equal(
            ["Google", "Google", "Google", "Microsoft", "Microsoft", "Authy"],
            offer.CompatibilityWarnings.Select(warning => $"{warning.App}"));
    }

    [Fact]
    public async Task Enrollment_BeginAndConfirm_ShowTheSecretAndTheRecoveryCodeOnce()
    {
        var setting = new Setting();

        var id = await Snippets.Enrollment.BeginAsync(setting.Mfa, Alice, setting.Shown.Add);
        using var phone = VirtualAuthenticator.FromManualKey(setting.Shown[1], setting.Clock);
        await Snippets.Enrollment.ConfirmAsync(setting.Mfa, Alice, id, setting.WrongCode(phone), setting.Shown.Add);
        await Snippets.Enrollment.ConfirmAsync(setting.Mfa, Alice, id, phone.GetCode(), setting.Shown.Add);

        Assert.StartsWith("<svg", setting.Shown[0], StringComparison.Ordinal);
        Assert.Equal("WrongCode: 4 tries left", setting.Shown[2]);
        Assert.True((await setting.StatusAsync()) is { IsEnabled: true, AreRecoveryCodesAcknowledged: true });
        Assert.True((await setting.VerifyAsync(setting.Shown[3])).Succeeded);
    }

    [Fact]
    public async Task Enrollment_Replace_KeepsTheOldPhoneUntilTheNewOneIsConfirmed()
    {
        var setting = new Setting();
        var (old, _) = await setting.EnrollAsync();

        var offer = await Snippets.Enrollment.ReplaceAsync(setting.Mfa, Alice, old.GetCode());
        using var phone = setting.Scan(offer);
        setting.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await setting.VerifyAsync(old.GetCode())).Succeeded);
        await setting.ConfirmAsync(offer, phone);

        setting.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(RefusalReason.WrongCode, (await setting.VerifyAsync(old.GetCode())).Reason);
        Assert.True((await setting.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.Equal("new phone", Assert.Single((await setting.StatusAsync()).Authenticators).Name);
    }

    [Fact]
    public async Task Enrollment_Callback_WritesTheRowThatTheSignInReads()
    {
        var row = false;
        var setting = new Setting(Snippets.Enrollment.Options((_, isEnrolled) =>
        {
            row = isEnrolled;
            return ValueTask.CompletedTask;
        }));
        List<string> next = [await Snippets.Enrollment.SignInAsync(setting.Mfa, Alice, MfaPolicy.Required, row)];

        var (phone, _) = await setting.EnrollAsync();
        next.Add(await Snippets.Enrollment.SignInAsync(setting.Mfa, Alice, MfaPolicy.Required, row));
        await setting.DisableAsync(phone.GetCode());
        next.Add(await Snippets.Enrollment.SignInAsync(setting.Mfa, Alice, MfaPolicy.Optional, row));
        next.Add(await Snippets.Enrollment.SignInAsync(setting.Mfa, Alice, MfaPolicy.Optional, isEnrolled: true));

        Assert.Equal(["let the user enrol, and nothing else", "ask for a code", "signed in", "refuse the sign-in"], next);
    }

    [Fact]
    public async Task Recovery_SignIn_ShowsTheReplacement()
    {
        var setting = new Setting();
        var (_, code) = await setting.EnrollAsync();

        var result = await Snippets.Recovery.SignInAsync(setting.Mfa, Alice, code, setting.Mfa.BeginAttempt(), setting.Shown.Add);

        Assert.Equal(MfaMethod.RecoveryCode, result.Method);
        Assert.Equal(RefusalReason.WrongCode, (await setting.VerifyAsync(code)).Reason);
        Assert.True((await setting.VerifyAsync(setting.Shown.Single())).Succeeded);
    }

    [Fact]
    public async Task Recovery_Regenerate_KeepsTheOldCodeUntilTheNewOneIsAcknowledged()
    {
        var setting = new Setting();
        var (phone, code) = await setting.EnrollAsync();

        var change = await Snippets.Recovery.RegenerateAsync(setting.Mfa, Alice, phone.GetCode());

        Assert.True(change.Succeeded);
        Assert.True((await setting.StatusAsync()).HasPendingRecoveryCodes);
        Assert.True((await setting.VerifyAsync(code)).Succeeded);
    }

    [Fact]
    public async Task Recovery_Options_GiveTenCodesThatAreUsedUpOneByOne()
    {
        using var peppers = NewRing("p1");
        var setting = new Setting(Snippets.Recovery.Options(peppers));
        var (_, code) = await setting.EnrollAsync();

        var result = await setting.VerifyAsync(code);

        Assert.Null(result.ReplacementRecoveryCodes);
        Assert.Equal(9, (await setting.StatusAsync()).RecoveryCodesLeft);
    }

    [Fact]
    public async Task Throttling_Options_BeginWaitsAfterThreeFailures()
    {
        var setting = new Setting(Snippets.Throttling.Options());
        var (phone, _) = await setting.EnrollAsync();
        var wrong = setting.WrongCode(phone);

        VerificationResult[] results =
            [await setting.VerifyAsync(wrong), await setting.VerifyAsync(wrong), await setting.VerifyAsync(wrong)];

        Assert.Equal([UserMessage.TryAgain, UserMessage.TryAgain, UserMessage.WaitUntil], results.Select(result => result.UserMessage));
    }

    [Fact]
    public async Task Throttling_KnownDevice_IsNotLockedOutByOthers()
    {
        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();
        var device = new Dictionary<string, string>();
        await Snippets.Throttling.VerifyAsync(setting.Mfa, Alice, phone.GetCode(), setting.Mfa.BeginAttempt(), device);
        for (var i = 0; i < 5; i++)
        {
            await setting.VerifyAsync(setting.WrongCode(phone));
        }

        setting.Clock.Advance(TimeSpan.FromSeconds(30));
        await setting.VerifyAsync(setting.WrongCode(phone));
        var elsewhere = await setting.VerifyAsync(phone.GetCode());
        var known = await Snippets.Throttling.VerifyAsync(setting.Mfa, Alice, phone.GetCode(), setting.Mfa.BeginAttempt(), device);

        Assert.Equal(RefusalReason.Throttled, elsewhere.Reason);
        Assert.True(known.Succeeded);
    }

    [Fact]
    public async Task Throttling_WaitsInARow_AreThoseOfTheTable()
    {
        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();
        var waits = new List<double>();

        VerificationResult result;
        do
        {
            result = await setting.VerifyAsync(setting.WrongCode(phone));
            waits.Add(result.RetryAfter?.TotalMinutes ?? 0);
            setting.Clock.Advance(result.RetryAfter ?? TimeSpan.Zero);
        }
        while (result.UserMessage != UserMessage.UseAnotherWay);

        Assert.Equal([0, 0, 0, 0, 0.5, 1, 2, 4, 8, 16, 32, .. Enumerable.Repeat(60, 8), 24 * 60], waits);
        Assert.Equal(20, waits.Count);
        Assert.Contains(
            "| failure | 1–4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12–19 | 20 |\n|---|---|---|---|---|---|---|---|---|---|---|\n"
            + "| wait after it | none | 30 s | 1 min | 2 min | 4 min | 8 min | 16 min | 32 min | 1 h | locked out |",
            Repository.Read("docs/concepts/throttling.md"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_Show_HasWordsForEveryAnswer()
    {
        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();
        var attempt = setting.Mfa.BeginAttempt();
        var right = phone.GetCode();

        var withoutKey = setting.NewService(new AesGcmSecretProtector(NewRing("k2")));
        VerificationResult[] results =
        [
            await setting.VerifyAsync(right, attempt), await setting.VerifyAsync(setting.WrongCode(phone), attempt),
            await setting.VerifyAsync(right),
            await setting.VerifyAsync(setting.WrongCode(phone)), await setting.VerifyAsync(phone.GetCode(), node: withoutKey),
        ];

        Assert.Equal(
            [
                "Welcome.", "Sign in again from the start.", "Wait 30 seconds, and use the code that is shown then.",
                "That code is not right. Try again.", "Something is wrong on our side. Try later.",
            ],
            results.Select(Snippets.Throttling.Show));
    }

    [Fact]
    public async Task Protection_Rotation_LosesNobody()
    {
        var (oldKey, newKey) = (NewKey(), NewKey());
        var setting = new Setting(protector: Protection.First(oldKey));
        var (phone, _) = await setting.EnrollAsync();
        var (announced, rotated) = Protection.Rotate(oldKey, newKey);

        var node = setting.NewService(new AesGcmSecretProtector(rotated));
        var failures = await Protection.FinishAsync(node, (_, _) => Assert.Fail(NeverShown));

        Assert.Equal(0, failures);
        var newRing = new KeyRing("2027-11", new Dictionary<string, byte[]> { ["2027-11"] = newKey });
        var newKeyOnly = setting.NewService(new AesGcmSecretProtector(newRing));
        Assert.True((await setting.VerifyAsync(phone.GetCode(), node: newKeyOnly)).Succeeded);
        setting.Clock.Advance(TimeSpan.FromSeconds(30));
        var lateNode = setting.NewService(new AesGcmSecretProtector(announced));
        Assert.True((await setting.VerifyAsync(phone.GetCode(), node: lateNode)).Succeeded);
    }

    [Fact]
    public async Task Telemetry_OnEvent_SendsMailToTheUser()
    {
        var mails = new List<string>();
        var setting = new Setting(Observation.Options((user, text) =>
        {
            mails.Add($"{user}: {text}");
            return ValueTask.CompletedTask;
        }));

        var (phone, _) = await setting.EnrollAsync();
        await setting.DisableAsync(phone.GetCode());

        Assert.Equal(
            ["user-4711: An authenticator app was added to your account.", "user-4711: MFA was switched off for your account."], mails);
    }
}
