using Callroute.Portal.Users;

namespace Callroute.Portal;

/// <summary>Adds a user to try the portal with, in development only, and prints where it is.</summary>
internal static class Demonstration
{
    private const string Email = "demo@example.com";
    private const string Password = "let me try this portal";

    public static async Task PrepareAsync(WebApplication app)
    {
        Console.WriteLine($"Portal: {string.Join(", ", app.Urls)}");
        if (app.Environment.IsDevelopment())
        {
            await app.Services.GetRequiredService<Accounts>().RegisterAsync(Email, "Demo User", Password);
            Console.WriteLine($"Sign in as {Email} with the password \"{Password}\", or register.");
        }
    }
}
