using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Maps addresses that take only forms.</summary>
internal static class FormAddress
{
    /// <summary>Leads from the address of a form to its page. A sign-in leads there if the session had ended.</summary>
    public static void MapLead(this RouteGroupBuilder group, string form, string page) =>
        group.MapGet(form, (HttpContext context, PageResponder pages) => pages.Lead(context, page));
}
