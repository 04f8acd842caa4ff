using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Holds the look of the pages, and what the application does after a change.</summary>
/// <remarks>Not thread-safe. Change it only in <see cref="MfaPagesExtensions.AddMfaPages"/>.</remarks>
public sealed class MfaPagesOptions
{
    private readonly Dictionary<MfaScreen, Type> _screens = [];

    internal MfaPagesOptions()
    {
    }

    /// <summary>
    /// The component around every page: the document from <c>html</c> on, with <c>HeadOutlet</c> in its head. The page is its parameter
    /// <c>Body</c>, as in <see cref="LayoutComponentBase"/>.
    /// </summary>
    /// <value>A component; the default is null: a plain document with the issuer's name.</value>
    public Type? Layout { get; set; }

    /// <summary>
    /// Runs after each change of the user's MFA, when the change is durable and before the response. Use it to end the user's other
    /// sessions. If it throws, the change is made nevertheless, and the application's error page answers. If the user proved the change
    /// by a recovery code, it runs when the user says that the new code is saved: until then, this session must be able to show it again.
    /// </summary>
    /// <value>The default is null.</value>
    public Func<HttpContext, Task>? OnChanged { get; set; }

    /// <summary>Shows a component of the application in place of a screen. The addresses and the forms that they take stay.</summary>
    /// <typeparam name="TComponent">A component without parameters, which takes <see cref="MfaPage"/> as a cascading one.</typeparam>
    /// <param name="screen">The screen.</param>
    /// <returns>The same options.</returns>
    public MfaPagesOptions Replace<TComponent>(MfaScreen screen)
        where TComponent : IComponent
    {
        _screens[screen] = typeof(TComponent);
        return this;
    }

    /// <exception cref="InvalidOperationException">One of the components cannot be shown.</exception>
    internal void Check()
    {
        if (Layout is not null && !(IsComponent(Layout) && Layout.GetProperty(nameof(LayoutComponentBase.Body)) is not null))
        {
            throw new InvalidOperationException(
                $"{nameof(MfaPagesOptions)}.{nameof(Layout)} takes a component that inherits {nameof(LayoutComponentBase)}, not {Layout}.");
        }

        if (_screens.Values.FirstOrDefault(screen => !IsComponent(screen)) is { } type)
        {
            throw new InvalidOperationException(
                $"{nameof(MfaPagesOptions)}.{nameof(Replace)} takes a component that can be created, not {type}.");
        }
    }

    internal Type? Find(MfaScreen screen) => _screens.GetValueOrDefault(screen);

    private static bool IsComponent(Type type) => typeof(IComponent).IsAssignableFrom(type) && !type.IsAbstract;
}
