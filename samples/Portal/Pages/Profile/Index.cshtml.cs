using System.Security.Claims;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Portal.Pages.Profile;

internal sealed class IndexModel(UserTable users) : PageModel
{
    public PortalUser Me { get; private set; } = null!;

    // The session's check has just found the row.
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Me = (await users.FindByIdAsync(User.FindFirstValue(ClaimTypes.NameIdentifier)!, cancellationToken))!;
}
