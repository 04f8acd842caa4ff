namespace Callroute.Mfa.Core.Tests;

/// <summary>The application's own row of a user, as the library's callback writes it.</summary>
internal sealed class UserRow
{
    public bool IsEnrolled { get; private set; }

    /// <summary>The values that the callback received, in order.</summary>
    public List<bool> Told { get; } = [];

    /// <summary>Runs once, before the callback writes the row.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    /// <summary>Runs once, after the callback has written the row.</summary>
    public Func<Task>? AfterWrite { get; set; }

    public static Task FailAsync() => throw new IOException("The database is away.");

    public async ValueTask WriteAsync(MfaSubject subject, bool isEnrolled)
    {
        Told.Add(isEnrolled);
        var (before, after) = (BeforeWrite, AfterWrite);
        (BeforeWrite, AfterWrite) = (null, null);
        await (before?.Invoke() ?? Task.CompletedTask);
        IsEnrolled = isEnrolled;
        await (after?.Invoke() ?? Task.CompletedTask);
    }
}
