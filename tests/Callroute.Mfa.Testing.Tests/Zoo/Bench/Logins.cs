namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>The host's user table: a user may type the name in any case, or an e-mail address.</summary>
internal static class Logins
{
    public static string UserOf(string login) => login.Split('@')[0].ToLowerInvariant();

    public static IReadOnlyList<string> SpellingsOf(string user) =>
    [
        user, user.ToUpperInvariant(), char.ToUpperInvariant(user[0]) + user[1..],
        $"{user}@example.com", $"{user}@EXAMPLE.com", $"{user.ToUpperInvariant()}@example.com",
    ];
}
