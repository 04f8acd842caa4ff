using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>Imports from another system, and sign-ins that import.</summary>
internal sealed partial class LifeCycle
{
    private SharedSecret _foreign = SharedSecret.Generate();

    private bool WasEverBound => IsEnabled || _endedAt is not null;

    private VirtualAuthenticator ForeignPhone => VirtualAuthenticator.FromManualKey(_foreign.RevealBase32(), _scenario.Clock);

    // A sign-in during the move does the same as any other if there is a record.
    private bool VerifiesLazily => WasEverBound && _how is { Kind: SignInKind.SignIn, IsNewAttempt: true } && !SendsVersion;

    private static bool IsForeign(string code) => code.Length < 20;

    private static string NewForeignCode() => RandomNumberGenerator.GetString("23456789BCDFGHJKMNPQRTVWXY", 10).Insert(5, "-");

    private async Task ImportAsync(int choice)
    {
        var secret = choice % 2 == 0 ? _foreign : SharedSecret.Generate();
        var isSame = choice % 2 == 0 && _phones.Exists(phone => phone.IsImported);
        var expected = !WasEverBound ? MfaChangeOutcome.Succeeded
            : isSame ? MfaChangeOutcome.AlreadyImported
            : MfaChangeOutcome.AlreadyEnrolled;

        var result = await new MfaImport(_mfa).ImportAuthenticatorAsync(_scenario.User, secret, new(), null, Scenario.Token);

        Reached.Add($"Import {result.Outcome}");
        Assert.Equal(expected, result.Outcome);
        if (result.Succeeded)
        {
            _foreign = secret;
            AddForeign(result.AuthenticatorId!.Value, CurrentStep + 1);
        }
    }

    private async Task VerifyAndImportAsync(int choice)
    {
        var (phone, step) = (ForeignPhone, CurrentStep + choice % 3 - 1);
        var code = choice % 5 == 4 ? "1234567" : choice % 5 == 3 ? _scenario.WrongCode(phone) : CodeOf(phone, step);
        if (WasEverBound || IsAmbiguous(code, phone, step))
        {
            return;
        }

        var (attempt, isKnown) = (_mfa.BeginAttempt(), IsKnown(_totp));
        _how = _how with { Kind = SignInKind.SignIn };
        var result = await VerifyLazilyAsync(code, attempt);

        Reached.Add($"Import and verify {result}");
        if (result.Reason == RefusalReason.Malformed)
        {
            return;
        }

        AddForeign((await _scenario.RecordAsync()).Authenticators[0].Id, result.Succeeded ? step : CurrentStep - 2);
        Assert.Equal(choice % 5 == 3 ? RefusalReason.WrongCode : null, result.Reason);
        if (!result.Succeeded)
        {
            Fail(_totp, attempt, isKnown);
            return;
        }

        Assert.True(_accepted.Add((_phones[0].Phone, step)));
        Accept(_totp, _phones[0], result, attempt, isKnown);
        _signIn = new AnswerModel(code, Now, NewCode: null) { Attempt = attempt, Receipt = _receipt };
    }

    private async Task<VerificationResult> VerifyLazilyAsync(string text, AttemptId attempt)
    {
        Reach(WasEverBound, "Verified without an import");
        return await new MfaImport(_mfa).VerifyAndImportAsync(
            _scenario.User, _foreign, new(), null, text, attempt, _how.Device, Scenario.Token);
    }

    private void AddForeign(Guid id, long lastUsedStep)
    {
        (_endedPending, _pending) = (_pending ?? _endedPending, null);
        EndAnswer("change");
        _host.Change(Now);
        _hasRecord = true;
        _phones.Add(new PhoneModel(id, ForeignPhone, lastUsedStep) { IsImported = true });
    }

    private async Task ImportCodesAsync()
    {
        var code = NewForeignCode();
        var expected = !IsEnabled ? MfaChangeOutcome.NotEnrolled
            : _active is { IsImported: true } ? MfaChangeOutcome.AlreadyImported
            : _active is null && _phones.Exists(phone => phone.IsImported) ? MfaChangeOutcome.Succeeded
            : MfaChangeOutcome.AlreadyEnrolled;

        var result = await new MfaImport(_mfa).ImportRecoveryCodesAsync(_scenario.User, [code], Scenario.Token);

        Reached.Add($"Import codes {result.Outcome}");
        Assert.Equal(expected, result.Outcome);
        if (result.Succeeded)
        {
            var set = (await _scenario.RecordAsync()).RecoveryCodes!;
            ReplaceSets(new(set.SetId, code, Now, Proof: null) { IsAcknowledged = true, IsImported = true });
            _recovery.BindAgain();
            EndAnswer("change");
            EndUnproved();
        }
    }
}
