using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Portal.Pages;

/// <summary>A page whose answer may be recovery codes, shown in place of its content.</summary>
internal abstract class CodesModel : PageModel
{
    public IssuedCodes? Issued { get; private set; }

    protected PageResult Show(IssuedRecoveryCodes codes, string reason, string? next)
    {
        Issued = new IssuedCodes(codes, reason, next);
        ViewData["Title"] = Issued.Title;
        ViewData["Width"] = "narrow";
        return Page();
    }
}
