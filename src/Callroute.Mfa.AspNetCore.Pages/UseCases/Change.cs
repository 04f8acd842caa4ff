using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Asks before a change of the user's MFA, and answers it.</summary>
internal sealed class Change(MfaAccount account, PageResponder pages)
{
    public string PathOf(HttpContext context) => pages.PathOf(context);

    /// <summary>Shows the form of a change, or leads back if there is no MFA to change, or if what the form is about is gone.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pageOf">Makes the page; null if the thing that it is about is gone.</param>
    /// <param name="path">The page's path under the prefix.</param>
    public async Task<IResult> AskAsync(HttpContext context, Func<MfaStatus, MfaPage?> pageOf, string path)
    {
        var status = await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (!status.IsEnabled)
        {
            return pages.LeadBack(context, MfaChangeOutcome.NotEnrolled);
        }

        if (pageOf(status) is not { } page)
        {
            return pages.LeadBack(context, MfaChangeOutcome.NotFound);
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
