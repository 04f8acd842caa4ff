using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Recovery;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

/// <summary>A page that changes something of the user's MFA, for which the session's own verification or a code is proof.</summary>
internal abstract class ChangeModel(MfaAccount account, SessionCheck sessions) : CodesModel
{
    protected MfaAccount Account => account;

    public string? Error { get; private set; }

    public bool WantsCode { get; private set; }

    public virtual async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        WantsCode = await account.RequiresCodeForChangesAsync(HttpContext);
        return Page();
    }

    /// <summary>Ends the user's other sessions: who is in one of them may be the reason for the change.</summary>
    protected async Task<IActionResult> AnswerAsync(MfaChangeResult result, string next)
    {
        if (!result.Succeeded)
        {
            return await RefuseAsync(result.Outcome, result.Verification);
        }

        // A recovery code was the proof: if this answer is lost, the form must be sent again from this session. Saving the new code ends
        // the others.
        if (result.Verification?.ReplacementRecoveryCodes is null)
        {
            await EndOtherSessionsAsync();
        }

        return Finish(result.RecoveryCodes ?? result.Verification?.ReplacementRecoveryCodes, next);
    }

    protected Task EndOtherSessionsAsync() => sessions.EndOthersAsync(HttpContext);

    protected IActionResult Finish(IssuedRecoveryCodes? codes, string next) =>
        codes is null
            ? LocalRedirect(next)
            : Show(codes, "This is your new recovery code. Once you have saved it, no older one is valid.", next);

    protected async Task<IActionResult> RefuseAsync(MfaChangeOutcome outcome, VerificationResult? verification)
    {
        // A recovery code that was the proof is used up whatever happened then: what replaces it must be shown.
        if (verification?.ReplacementRecoveryCodes is { } codes)
        {
            return Show(codes, $"{Words.Of(outcome, verification)} Your recovery code was used, and this is your new one.", null);
        }

        Error = Words.Of(outcome, verification);
        WantsCode = outcome is MfaChangeOutcome.ProofRequired or MfaChangeOutcome.ProofRefused
            || await account.RequiresCodeForChangesAsync(HttpContext);
        return Page();
    }
}
