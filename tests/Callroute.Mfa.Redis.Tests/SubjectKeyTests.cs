using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Callroute.Mfa.Redis.Tests;

public sealed class SubjectKeyTests
{
    private const string Prefix = "callroute:mfa:";

    // Many characters that have a meaning in a key, so that two ids often differ in only one such character.
    private static readonly string[] Parts =
    [
        "a", "B", "{", "}", ":", "%", "%25", "%7B", "%3A", "*", "?", "[", "]", "\\", "^", "u", "t", " ", "é", "e\u0301", "漢", "😀",
        "\uFEFF",
    ];

    private static readonly Gen<string> Ids =
        from parts in Gen.Elements(Parts).ListOf()
        where parts.Count is > 0 and <= 40
        select string.Concat(parts);

    private static readonly Arbitrary<MfaSubject> Subjects = (
        from user in Ids
        from tenant in Gen.OneOf(Gen.Constant<string?>(null), Ids.Select(string? (id) => id))
        select new MfaSubject(user, tenant)).ToArbitrary();

    [Property(MaxTest = 10_000)]
    public Property TryParse_WhatFormatWrote_IsTheSubject() => Prop.ForAll(Subjects, subject =>
        SubjectKey.TryParse(Prefix, SubjectKey.Format(Prefix, subject), out var parsed) && parsed == subject);

    [Property(MaxTest = 10_000)]
    public Property Format_TwoSubjects_ShareAKeyOnlyWhereTheyAreOne() => Prop.ForAll(Subjects, Subjects, (one, other) =>
        (SubjectKey.Format(Prefix, one) == SubjectKey.Format(Prefix, other)) == (one == other));

    [Property(MaxTest = 10_000)]
    public Property Format_AnySubject_IsWhollyInTheHashTag() => Prop.ForAll(Subjects, subject =>
    {
        var key = SubjectKey.Format(Prefix, subject);
        return key.IndexOf('{', StringComparison.Ordinal) == Prefix.Length
            && key.IndexOf('}', StringComparison.Ordinal) == key.Length - 1
            && key.Length > Prefix.Length + 2;
    });

    [Property(MaxTest = 10_000)]
    public Property TryParse_AnyText_IsTheOneKeyOfItsSubjectOrRefused() => Prop.ForAll(Ids.ToArbitrary(), text =>
    {
        var key = $"{Prefix}{{{text}}}";
        return !SubjectKey.TryParse(Prefix, key, out var subject) || SubjectKey.Format(Prefix, subject) == key;
    });

    [Theory]
    [InlineData("alice", null, "callroute:mfa:{u:alice}")]
    [InlineData("alice", "acme", "callroute:mfa:{t:acme:alice}")]
    [InlineData("a}b{c:d%e", null, "callroute:mfa:{u:a%7Db%7Bc%3Ad%25e}")]
    public void Format_Subject_IsWrittenAsDocumented(string user, string? tenant, string key) =>
        Assert.Equal(key, SubjectKey.Format(Prefix, new MfaSubject(user, tenant)));

    [Theory]
    [InlineData("callroute:mfa:{}")]
    [InlineData("callroute:mfa:{u:}")]
    [InlineData("callroute:mfa:{u:a:b}")]
    [InlineData("callroute:mfa:{t:a}")]
    [InlineData("callroute:mfa:{t::a}")]
    [InlineData("callroute:mfa:{x:a}")]
    [InlineData("callroute:mfa:{u:a%7b}")]
    [InlineData("callroute:mfa:{u:a%}")]
    [InlineData("callroute:mfa:{u:a}b}")]
    [InlineData("callroute:mfa:{u:a")]
    [InlineData("callroute:mfa:{u:\u0001}")]
    [InlineData("other:{u:a}")]
    public void TryParse_ForeignKey_IsRefused(string key) =>
        Assert.False(SubjectKey.TryParse(Prefix, key, out _));

    [Fact]
    public void Format_DefaultSubject_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SubjectKey.Format(Prefix, default));
}
