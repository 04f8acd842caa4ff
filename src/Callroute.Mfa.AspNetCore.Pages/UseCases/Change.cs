using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Asks before a change of the user's MFA, and answers it.</summary>
internal sealed class Change(MfaAccount account, PageResponder pages)
{
    public string PathOf(HttpContext context) => pages.PathOf(context);

    /// <summary>Shows the form of a change, or leads back if there is no MFA to change.</summary>
    public async Task<IResult> AskAsync(HttpContext context, MfaPage page, string path)
    {
        var status = await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (!status.IsEnabled)
        {
            return pages.Tell(context, new Notice(string.Empty, $"Outcome.{MfaChangeOutcome.NotEnrolled}") { IsError = true });
        }

        page.AsksForCode = await account.RequiresCodeForChangesAsync(context).ConfigureAwait(false);
        return pages.Show(context, page, path);
    }

    /// <summary>Leads to the page that says what was done, back to the form, or to new recovery codes.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context, MfaChangeResult result, string path, string notice)
    {
        if (!result.Succeeded)
        {
            return await pages.RefuseAsync(context, result.Outcome, result.Verification, path).ConfigureAwait(false);
        }

        // A recovery code was the proof: if this answer is lost, the form must be sent again from this session. Saving the new code counts
        // as the change.
        if (result.Verification?.ReplacementRecoveryCodes is null)
        {
            await pages.ChangedAsync(context).ConfigureAwait(false);
        }

        return (result.RecoveryCodes ?? result.Verification?.ReplacementRecoveryCodes) is { } codes
            ? await pages.IssueAsync(context, codes, new UnsavedCodes("Codes.New") { NextNotice = notice }).ConfigureAwait(false)
            : pages.Tell(context, notice);
    }
}
