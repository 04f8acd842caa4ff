namespace Callroute.Mfa.Redis;

/// <summary>Converts between subjects and keys. Two subjects never have the same key.</summary>
/// <remarks>
/// The prefix is followed by <c>{u:user}</c>, or by <c>{t:tenant:user}</c> for a subject with a tenant. The braces make the whole subject
/// the hash tag. Percent signs, braces and colons within an id are percent-encoded as in a URI.
/// </remarks>
internal static class SubjectKey
{
    private const string UserMark = "u";
    private const string TenantMark = "t";

    // Encode in this order and decode in the reverse order, so that the percent sign is encoded first and decoded last.
    private static readonly (string Character, string Escaped)[] Escapes = [("%", "%25"), ("{", "%7B"), ("}", "%7D"), (":", "%3A")];

    public static string Format(string prefix, MfaSubject subject)
    {
        if (subject.UserId is null)
        {
            throw new ArgumentException("The subject must have a user id.", nameof(subject));
        }

        var name = subject.Tenant is null
            ? $"{UserMark}:{Escape(subject.UserId)}"
            : $"{TenantMark}:{Escape(subject.Tenant)}:{Escape(subject.UserId)}";
        return $"{prefix}{{{name}}}";
    }

    /// <summary>Parses exactly the keys that <see cref="Format"/> produces. Other keys do not belong to the store.</summary>
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
