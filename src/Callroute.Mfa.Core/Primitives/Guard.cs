using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Callroute.Mfa;

/// <summary>The argument checks, in one place. Every message names the parameter, the range and the value that was given.</summary>
internal static class Guard
{
    public static T NotNull<T>([NotNull] T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }

    public static T InRange<T>(T value, T minimum, T maximum, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : INumber<T> =>
        value >= minimum && value <= maximum ? value : throw OutOfRange(name, value, minimum, maximum);

    public static TimeSpan InRange(
        TimeSpan value, TimeSpan minimum, TimeSpan maximum, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= minimum && value <= maximum ? value : throw OutOfRange(name, value, minimum, maximum);

    public static TimeSpan WholeSeconds(TimeSpan value, string name) =>
        value.Ticks % TimeSpan.TicksPerSecond == 0
            ? value
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be whole seconds, was {value}."), name);

    public static DateTimeOffset WholeSeconds(DateTimeOffset value, string name) =>
        value.Ticks % TimeSpan.TicksPerSecond == 0
            ? value
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{name} must be at a whole second, was {value:O}."), name);

    public static TEnum Defined<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where TEnum : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, $"{name} must be {string.Join(", ", Enum.GetNames<TEnum>())}, was {value:D}.");

    public static MfaSubject Subject(MfaSubject subject, [CallerArgumentExpression(nameof(subject))] string? name = null) =>
        subject == default ? throw new ArgumentException("The subject has no user id.", name) : subject;

    public static AttemptId Begun(AttemptId attempt, [CallerArgumentExpression(nameof(attempt))] string? name = null) =>
        attempt == default ? throw new ArgumentException($"{name} must come from MfaService.BeginAttempt.", name) : attempt;

    public static string Text(string? value, int maximumLength, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        Length(NotNull(value, name).Length, 1, maximumLength, "characters", name);
        return IsWellFormed(value)
            ? value
            : throw new ArgumentException($"{name} must be well-formed Unicode without control characters.", name);
    }

    public static void Length(int length, int minimum, int maximum, string unit, string? name)
    {
        if (length < minimum || length > maximum)
        {
            var range = minimum == maximum ? $"{minimum}" : $"{minimum}–{maximum}";
            throw new ArgumentException($"{name} must be {range} {unit} long, was {length}.", name);
        }
    }

    /// <summary>Whether the text is well-formed Unicode without control characters.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    private static ArgumentOutOfRangeException OutOfRange<T>(string? name, T value, T minimum, T maximum) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be {minimum}–{maximum}, was {value}."));
}
