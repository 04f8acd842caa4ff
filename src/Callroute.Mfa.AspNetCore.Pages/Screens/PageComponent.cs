using Microsoft.AspNetCore.Components;

namespace Callroute.Mfa.AspNetCore.Pages.Internal;

/// <summary>
/// The base of this package's own components. Only the Razor compiler makes them public: they are no part of its contract.
/// </summary>
public abstract class PageComponent : ComponentBase
{
    [CascadingParameter]
    internal MfaPage Page { get; set; } = null!;

    [Inject]
    internal PageTexts T { get; set; } = null!;

    internal string To(string page) => Page.Path + page;
}
