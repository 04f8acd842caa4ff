using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Hosts;

internal static class OwnLook
{
    public static void Add(IServiceCollection services, Func<Task> endOtherSessions)
    {
        // <look>
        services.AddMfaPages(pages =>
        {
            pages.Layout = typeof(OwnLayout);
            pages.Replace<OwnDisable>(MfaScreen.Disable);
            pages.OnChanged = context => endOtherSessions();
        });
        // </look>
    }
}
