namespace Callroute.Mfa.Redis;

/// <summary>Writes a subject as a key, and reads it back. Two subjects never share a key.</summary>
/// <remarks>
/// <c>{u:user}</c> without a tenant, <c>{t:tenant:user}</c> with one. The braces make all of it the hash tag, so the four
/// characters that have a meaning here (percent, both braces, colon) are written as in a URI; all others stay as they are.
/// </remarks>
internal static class SubjectKey
{
    private const string UserMark = "u";
    private const string TenantMark = "t";

    // In this order for writing; reading goes the other way, so that the percent sign comes last.
    private static readonly (string Character, string Escaped)[] Escapes = [("%", "%25"), ("{", "%7B"), ("}", "%7D"), (":", "%3A")];

    public static string Format(string prefix, MfaSubject subject)
    {
        if (subject.UserId is null)
        {
            throw new ArgumentException("Must not be the default value.", nameof(subject));
        }

        var name = subject.Tenant is null
            ? $"{UserMark}:{Escape(subject.UserId)}"
            : $"{TenantMark}:{Escape(subject.Tenant)}:{Escape(subject.UserId)}";
        return $"{prefix}{{{name}}}";
    }

    /// <summary>Reads what <see cref="Format"/> wrote. Nothing else is a key of ours.</summary>
    public static bool TryParse(string prefix, string key, out MfaSubject subject) =>
        TryRead(prefix, key, out subject) && Format(prefix, subject) == key;

    private static bool TryRead(string prefix, string key, out MfaSubject subject)
    {
        subject = default;
        if (!key.StartsWith($"{prefix}{{", StringComparison.Ordinal) || !key.EndsWith('}'))
        {
            return false;
        }

        return key[(prefix.Length + 1)..^1].Split(':') switch
        {
            [UserMark, var user] => TryMake(Unescape(user), null, out subject),
            [TenantMark, var tenant, var user] => TryMake(Unescape(user), Unescape(tenant), out subject),
            _ => false,
        };
    }

    private static bool TryMake(string user, string? tenant, out MfaSubject subject)
    {
        try
        {
            subject = new MfaSubject(user, tenant);
            return true;
        }
        catch (ArgumentException)
        {
            subject = default;
            return false;
        }
    }

    private static string Escape(string text) =>
        Escapes.Aggregate(text, (result, escape) => result.Replace(escape.Character, escape.Escaped, StringComparison.Ordinal));

    private static string Unescape(string text) =>
        Escapes.Reverse().Aggregate(text, (result, escape) => result.Replace(escape.Escaped, escape.Character, StringComparison.Ordinal));
}
