using System.Runtime.CompilerServices;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa;

/// <summary>Checks all options. The ranges of all settings are here.</summary>
internal static class MfaOptionsCheck
{
    private const string Root = nameof(MfaOptions);
    private const double MaximumGuessingChance = 0.01;

    /// <returns>A copy, so that changing the options after the check has no effect.</returns>
    /// <exception cref="ArgumentException">A setting is wrong; the message names every wrong setting.</exception>
    public static MfaOptions CopyValid(MfaOptions options)
    {
        var copy = options.Copy();
        var errors = FindErrors(copy);
        return errors.Count == 0 ? copy : throw new ArgumentException(string.Join(' ', errors), nameof(options));
    }

    public static IReadOnlyList<string> FindErrors(MfaOptions options)
    {
        IEnumerable<string?> findings =
        [
            Issuer(options.Issuer),
            Algorithm(options.Algorithm),
            Digits(options),
            InRange(Root, options.Period, TotpParameters.MinimumPeriod, TotpParameters.MaximumPeriod) ?? WholeSeconds(Root, options.Period),
            InRange(Root, options.PastSteps, 0, 2),
            InRange(Root, options.FutureSteps, 0, 1),
            InRange(Root, options.MaximumAuthenticators, 1, 5),
            InRange(Root, options.EnrollmentLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)),
            InRange(Root, options.EnrollmentTries, 1, 10),
            InRange(Root, options.StepUpAge, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)),
            InRange(Root, options.KnownDeviceLifetime, TimeSpan.FromDays(1), TimeSpan.FromDays(365)),
            RememberBrowser(options),
            InRange(Root, options.CallTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            .. Throttle($"{Root}.{nameof(options.TotpThrottle)}", options.TotpThrottle),
            .. Throttle($"{Root}.{nameof(options.RecoveryThrottle)}", options.RecoveryThrottle),
            InRange(Root, options.Recovery.Count, 1, 16),
            InRange(Root, options.Recovery.HashConcurrency, 1, 64),
            InRange(Root, options.Recovery.HashQueueLength, 0, 10_000),
            InRange(Root, options.Recovery.MaximumHashWait, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        ];
        string[] errors = [.. findings.OfType<string>()];
        return errors.Length > 0 ? errors : [.. Guessing(options)];
    }

    // Computed from settings that are in their ranges.
    private static IEnumerable<string> Guessing(MfaOptions options) => options.GuessingChance > MaximumGuessingChance
        ? [
            Error($"{Root} lets an attacker who knows a password guess a code within a year with a chance of {options.GuessingChance:P1}, ")
            + "and must not exceed 1 %. Raise Digits or TotpThrottle.AllowanceRegainInterval, or lower TotpThrottle.FailureAllowance, "
            + "MaximumAuthenticators, PastSteps or FutureSteps.",
        ]
        : [];

    private static string? Issuer(string? issuer) =>
        string.IsNullOrEmpty(issuer)
            ? $"{Root}.{nameof(MfaOptions.Issuer)} is missing: set it to the application's name, as authenticator apps show it."
        : ProvisioningUri.CleanName(issuer, ProvisioningUri.MaximumIssuerLength) is not null ? null
        : $"{Root}.{nameof(MfaOptions.Issuer)} must be 1–{ProvisioningUri.MaximumIssuerLength} characters of well-formed Unicode, "
            + $"at least one of them visible, without a colon, a control character, or a space at either end, was '{issuer}'.";

    private static string? Algorithm(OtpAlgorithm algorithm) => Enum.IsDefined(algorithm)
        ? null
        : Error($"{Root}.{nameof(MfaOptions.Algorithm)} must be {string.Join(", ", Enum.GetNames<OtpAlgorithm>())}, was {algorithm}.");

    private static string? Digits(MfaOptions options)
    {
        var (minimum, advice) = options.AllowShortCodes
            ? (HmacOtp.MinimumDigits, string.Empty)
            : (6, $", or {HmacOtp.MinimumDigits}–{HmacOtp.MaximumDigits} with {nameof(options.AllowShortCodes)}");
        return options.Digits >= minimum && options.Digits <= HmacOtp.MaximumDigits
            ? null
            : Error($"{Root}.{nameof(options.Digits)} must be {minimum}–{HmacOtp.MaximumDigits}{advice}, was {options.Digits}.");
    }

    // A browser that is remembered must be listed as a known device, so that it can be revoked.
    private static string? RememberBrowser(MfaOptions options)
    {
        const string Setting = $".{nameof(options.RememberBrowserLifetime)}";
        return options.RememberBrowserLifetime is not { } lifetime
            ? null
            : InRange(Root, lifetime, TimeSpan.FromDays(1), TimeSpan.FromDays(30), Setting)
                ?? (lifetime <= options.KnownDeviceLifetime
                    ? null
                    : Error($"{Root}{Setting} must be at most {nameof(options.KnownDeviceLifetime)}, was {lifetime}."));
    }

    private static IEnumerable<string?> Throttle(string path, ThrottleOptions throttle) =>
    [
        InRange(path, throttle.FreeFailures, 1, 100),
        InRange(path, throttle.LockoutThreshold, 1, 100),
        InRange(path, throttle.FailureAllowance, 1, 1000),
        InRange(path, throttle.AllowanceRegainInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
    ];

    private static string? WholeSeconds(string path, TimeSpan value, [CallerArgumentExpression(nameof(value))] string setting = "") =>
        value.Ticks % TimeSpan.TicksPerSecond == 0
            ? null
            : Error($"{path}{NameIn(setting)} must be a whole number of seconds, was {value}.");

    private static string? InRange<T>(
        string path, T value, T minimum, T maximum, [CallerArgumentExpression(nameof(value))] string setting = "")
        where T : IComparable<T> =>
        value.CompareTo(minimum) >= 0 && value.CompareTo(maximum) <= 0
            ? null
            : Error($"{path}{NameIn(setting)} must be {minimum}–{maximum}, was {value}.");

    // The caller's expression without its variable: "options.Recovery.Count" gives ".Recovery.Count".
    private static string NameIn(string setting) => setting[setting.IndexOf('.', StringComparison.Ordinal)..];

    private static string Error(FormattableString message) => FormattableString.Invariant(message);
}
