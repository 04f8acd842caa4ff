using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.LoadTest;

/// <summary>
/// Enrolled users with their phones and a simulated clock. The clock advances by one step for every sign-in, so that each code is new.
/// </summary>
/// <remarks>Not thread-safe: each task of a load has its own object.</remarks>
internal sealed class People
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly List<(MfaSubject Subject, VirtualAuthenticator Phone)> _people = [];

    public IEnumerable<MfaSubject> Subjects => _people.Select(person => person.Subject);

    /// <summary>Enrols users with random ids through the real service.</summary>
    public static async Task<People> EnrollAsync(IMfaStore store, int count)
    {
        var people = new People();
        var mfa = people.ServiceOn(store);
        for (var i = 0; i < count; i++)
        {
            people._people.Add(await people.EnrollOneAsync(mfa, new MfaSubject($"{Guid.NewGuid()}")));
        }

        return people;
    }

    /// <summary>Creates a service that verifies these users' codes on a store that has their documents.</summary>
    public MfaService ServiceOn(IMfaStore store) => TestService.Create(store, _clock);

    /// <summary>Begins the next sign-in of a random user among the first ones.</summary>
    public SignIn Next(MfaService mfa, int among)
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        var (subject, phone) = _people[Random.Shared.Next(Math.Min(among, _people.Count))];
        return new SignIn(mfa, subject, phone.GetCode(), mfa.BeginAttempt());
    }

    /// <summary>Signs every user in several times.</summary>
    public async Task SignInAllAsync(MfaService mfa, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            foreach (var (subject, phone) in _people)
            {
                await new SignIn(mfa, subject, phone.GetCode(), mfa.BeginAttempt()).AcceptAsync();
            }
        }
    }

    private async Task<(MfaSubject Subject, VirtualAuthenticator Phone)> EnrollOneAsync(MfaService mfa, MfaSubject subject)
    {
        var offer = await mfa.BeginEnrollmentAsync(subject, "alice@example.com");
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _clock);
        var enrolled = await mfa.ConfirmEnrollmentAsync(subject, offer.EnrollmentId, phone.GetCode());
        return enrolled.Outcome == MfaChangeOutcome.Succeeded
            ? (subject, phone)
            : throw new InvalidOperationException($"Enrolment: {enrolled.Outcome}");
    }
}
