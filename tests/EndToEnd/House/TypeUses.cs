// SPDX-License-Identifier: Apache-2.0
using System.Reflection;

namespace EndToEnd.House;

/// <summary>A type that another one is compiled against. <paramref name="Where"/> says in which of its members.</summary>
internal readonly record struct TypeUse(Type User, string Where, Type Used);

/// <summary>
/// Everything that a compiled type needs: base type and interfaces, fields, parameters and results, and in its methods' bodies locals, caught exceptions
/// and the types, methods and fields that instructions name. Nested types, and so lambdas, iterators and local functions, belong to the outermost type.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The outermost type around <paramref name="type"/>.</summary>
    public static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    /// <summary>Uses of <paramref name="type"/> and the types inside it.</summary>
    public static IEnumerable<TypeUse> Of(Type type)
    {
        Type user = Outermost(type);
        IEnumerable<TypeUse> Uses(string where, IEnumerable<Type?> types) => types.OfType<Type>().SelectMany(Parts).Select(part => new TypeUse(user, where, part));

        IEnumerable<TypeUse> uses = Uses("its declaration", [type.BaseType, .. type.GetInterfaces()]);
        uses = type.GetFields(Own).Aggregate(uses, (all, field) => all.Concat(Uses(field.Name, [field.FieldType])));
        foreach (MethodBase method in Methods(type))
        {
            uses = uses.Concat(Uses(method.Name, Signature(method))).Concat(Uses(method.Name, Body(method)));
        }

        return type.GetNestedTypes(Own).Aggregate(uses, (all, nested) => all.Concat(Of(nested)));
    }

    /// <summary>Methods and constructors of a type itself.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) => [.. type.GetMethods(Own), .. type.GetConstructors(Own)];

    /// <summary>Types of a method's parameters and result.</summary>
    public static IEnumerable<Type> Signature(MethodBase method) =>
        [.. method.GetParameters().Select(parameter => parameter.ParameterType), .. method is MethodInfo function ? [function.ReturnType] : Type.EmptyTypes];

    /// <summary>What a type is made of: itself, the elements of arrays and pointers, arguments of generic types, and what a function pointer takes and gives.</summary>
    public static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        if (type.IsFunctionPointer)
        {
            return type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts);
        }

        if (type.IsGenericType)
        {
            return [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts)];
        }

        return type.IsGenericParameter ? type.GetGenericParameterConstraints().Where(constraint => !constraint.IsGenericType).SelectMany(Parts) : [type];
    }

    private static IEnumerable<Type?> Body(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return [];
        }

        IEnumerable<Type?> locals = body.LocalVariables.Select(local => local.LocalType);
        IEnumerable<Type?> caught = body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType);
        return locals.Concat(caught).Concat(Il.Instructions(method).SelectMany(instruction => Named(instruction.Member)));
    }

    private static IEnumerable<Type?> Named(MemberInfo? member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodBase method => [method.DeclaringType, .. Signature(method), .. method.IsGenericMethod ? method.GetGenericArguments() : Type.EmptyTypes],
        _ => [],
    };
}
