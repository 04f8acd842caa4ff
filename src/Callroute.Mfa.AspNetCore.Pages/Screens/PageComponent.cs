using Microsoft.AspNetCore.Components;

namespace Callroute.Mfa.AspNetCore.Pages.Internal;

/// <summary>The base of this package's components. They are no part of its contract: only the Razor compiler makes them public.</summary>
public abstract class PageComponent : ComponentBase
{
    [CascadingParameter]
    internal MfaPage Page { get; set; } = null!;

    [Inject]
    internal PageTexts T { get; set; } = null!;

    internal string To(string page) => Page.Path + page;
}
