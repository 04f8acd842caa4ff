using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>A user to load, with a real document or a copy of one under another id.</summary>
internal readonly record struct Row(MfaSubject Subject, StoredRecord Record);
