namespace Callroute.Mfa.AspNetCore;

internal static class PropertyItems
{
    public static string? GetOrNull(
        this IDictionary<string, string?> items, string key) => items.TryGetValue(key, out var value) ? value : null;
}
