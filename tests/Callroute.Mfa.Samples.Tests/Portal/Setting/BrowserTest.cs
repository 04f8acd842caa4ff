using Callroute.Portal.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>A test with a portal of its own, and people who use it, each in a browser window of their own.</summary>
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    internal PortalServer Portal { get; private set; } = null!;

    public virtual ValueTask InitializeAsync()
    {
        _ = chromium.Browser;
        Portal = new PortalServer();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        if (Portal is not null)
        {
            await Portal.DisposeAsync();
        }
    }

    /// <summary>Somebody new opens a window.</summary>
    internal Task<Person> ArriveAsync(string name = "ann", bool hasScript = true) =>
        ArriveAsync(new() { JavaScriptEnabled = hasScript }, name);

    internal async Task<Person> ArriveAsync(BrowserNewContextOptions window, string name = "ann") =>
        Remember(await Person.OpenAsync(chromium.Browser, Portal.Address, Portal.Clock, $"{name}@example.com", window));

    /// <summary>The same person, with the same phone, opens a window in another browser.</summary>
    internal async Task<Person> ArriveAgainAsync(Person person)
    {
        var other = Remember(await Person.OpenAsync(chromium.Browser, Portal.Address, Portal.Clock, person.Email, new()));
        other.Phone = person.Phone;
        return other;
    }

    /// <summary>Somebody who has registered and enabled MFA, and is signed in.</summary>
    internal async Task<Person> ArriveWithMfaAsync()
    {
        var person = await ArriveAsync();
        await person.RegisterWithMfaAsync();
        return person;
    }

    /// <summary>Somebody with MFA who has passed the first factor, and is asked for a code.</summary>
    internal async Task<Person> ArriveHalfSignedInAsync()
    {
        var person = await ArriveWithMfaAsync();
        await person.Window.ClearCookiesAsync();
        await person.PassPasswordAsync();
        await person.GoToAsync("/profile/security/sign-in");
        await person.SeesAsync("Two Factor Authentication");
        return person;
    }

    /// <summary>Somebody with MFA who has signed in by a code of their phone.</summary>
    internal async Task<Person> ArriveSignedInByCodeAsync()
    {
        var person = await ArriveHalfSignedInAsync();
        await person.EnterCodeAsync(person.NextCode());
        await person.SeesAsync("My profile");
        return person;
    }

    /// <summary>Somebody who has signed in by the recovery code, and is shown the one that replaces it.</summary>
    internal async Task<Person> ArriveRecoveredAsync()
    {
        var person = await ArriveHalfSignedInAsync();
        await person.EnterCodeAsync(person.RecoveryCode);
        await person.SeesAsync("Your recovery code");
        return person;
    }

    /// <summary>Somebody who has registered, and is shown the QR code.</summary>
    internal async Task<Person> ArriveAtSetUpAsync()
    {
        var person = await ArriveAsync();
        await person.RegisterAsync();
        await person.OpenSecurityAsync();
        await person.ClickAsync("Set up Multi-Factor Authentication");
        return person;
    }

    /// <summary>Enters twenty wrong codes, the last one by hand: the code page is open then.</summary>
    internal async Task LockOutAsync(Person person)
    {
        for (var i = 0; i < 20; i++)
        {
            // Longer than any wait, and than the challenge.
            Portal.Clock.Advance(TimeSpan.FromHours(1));
            if (i < 19)
            {
                // By the requests that the pages make. That is faster than the pages themselves.
                await person.PassPasswordAsync();
                await person.PostAsync("/profile/security/sign-in", ("code", person.WrongCode()));
            }
        }

        await person.SignInAsync(person.WrongCode());
        await person.ReadsAsync(person.Alert, "Too many wrong codes were entered");
    }

    internal async Task<MfaSubject> FindAsync(Person person) =>
        new((await Portal.Services.GetRequiredService<UserTable>().FindByAsync("email", person.Email))!.Id);

    /// <summary>The person must have MFA from now on.</summary>
    internal async Task RequireAsync(Person person) =>
        await Portal.Services.GetRequiredService<UserTable>().SetPolicyAsync((await FindAsync(person)).UserId, MfaPolicy.Required);

    private Person Remember(Person person)
    {
        _people.Add(person);
        return person;
    }
}
