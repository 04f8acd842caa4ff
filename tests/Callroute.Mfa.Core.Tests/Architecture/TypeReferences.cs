using System.Buffers.Binary;
using System.Reflection;

namespace Callroute.Mfa.Core.Tests.Architecture;

/// <summary>Finds the types that a type uses: in its declarations, and in the instructions of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // call, callvirt, newobj, ldfld, ldsfld, stfld, stsfld, castclass, isinst, newarr, ldtoken, ldftn (two bytes: FE 06)
    private static readonly HashSet<byte> WithToken = [0x28, 0x6F, 0x73, 0x7B, 0x7E, 0x7D, 0x80, 0x74, 0x75, 0x8D, 0xD0];

    public static IEnumerable<Type> Of(Type type) =>
        Declared(type).Concat(Methods(type).SelectMany(Used)).SelectMany(Unwrap).Distinct();

    /// <summary>The types that the instructions of one method use.</summary>
    public static IEnumerable<Type> Of(MethodBase method) => Used(method).SelectMany(Unwrap).Distinct();

    private static IEnumerable<Type> Declared(Type type)
    {
        foreach (var used in type.GetInterfaces().Append(type.BaseType ?? typeof(object)))
        {
            yield return used;
        }

        foreach (var field in type.GetFields(All))
        {
            yield return field.FieldType;
        }

        foreach (var method in Methods(type))
        {
            foreach (var parameter in method.GetParameters())
            {
                yield return parameter.ParameterType;
            }

            if (method is MethodInfo { ReturnType: var result })
            {
                yield return result;
            }
        }
    }

    private static IEnumerable<MethodBase> Methods(Type type) => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All));

    // Read any four bytes after such an opcode as a token, and skip invalid tokens, so that no reference is missed.
    private static IEnumerable<Type> Used(MethodBase method) =>
        from code in new[] { method.GetMethodBody()?.GetILAsByteArray() ?? [] }
        from i in Enumerable.Range(0, Math.Max(0, code.Length - 4))
        where WithToken.Contains(code[i]) || (i > 0 && code[i - 1] == 0xFE && code[i] == 0x06)
        let token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i + 1))
        let member = Resolve(method.DeclaringType!, method, token)
        where member is not null
        from used in new[] { member as Type ?? member.DeclaringType }
        where used is not null
        select used;

    private static MemberInfo? Resolve(Type type, MethodBase method, int token)
    {
        try
        {
            return type.Module.ResolveMember(
                token,
                type.IsGenericType ? type.GetGenericArguments() : null,
                method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (MissingMemberException)
        {
            return null;
        }
    }

    private static IEnumerable<Type> Unwrap(Type type)
    {
        if (type.HasElementType)
        {
            return Unwrap(type.GetElementType()!);
        }

        return type.IsConstructedGenericType
            ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition())
            : [type];
    }
}
