// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;

namespace NnTrain.Tests.TorchSystem;

/// <summary>The members that other assemblies can use, one line each: type, name, parameters with defaults, result.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IEnumerable<string> Of(Assembly assembly) =>
        Types(assembly).Where(IsVisible).SelectMany(Members).Distinct().Order(StringComparer.Ordinal);

    // Types of which a part is not installed (TorchSharp's TensorBoard writer) are not of interest.
    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        var name = Name(type);
        foreach (var method in type.GetConstructors(Declared).Cast<MethodBase>().Concat(type.GetMethods(Declared)).Where(IsVisible))
        {
            var generic = method.IsGenericMethodDefinition ? $"<{string.Join(",", method.GetGenericArguments().Select(Name))}>" : "";
            var result = method is MethodInfo info ? $" -> {Name(info.ReturnType)}" : "";
            var parameters = string.Join(", ", method.GetParameters().Select(Parameter));
            yield return $"{name} :: {(method.IsStatic ? "static " : "")}{method.Name}{generic}({parameters}){result}";
        }
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily))
        {
            var value = field.IsLiteral ? $" = {Text(field.GetRawConstantValue())}" : "";
            yield return $"{name} :: {(field.IsStatic ? "static " : "")}{field.Name} : {Name(field.FieldType)}{value}";
        }
    }

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic && type.Namespace?.StartsWith("TorchSharp", StringComparison.Ordinal) == true;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameter(ParameterInfo parameter)
    {
        var many = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var value = parameter.HasDefaultValue ? $" = {Text(parameter.RawDefaultValue)}" : "";
        return $"{many}{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "null";

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }
        if (!type.IsGenericType)
        {
            return type.FullName ?? type.Name;
        }
        var open = type.GetGenericTypeDefinition().FullName!;
        return $"{open[..open.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(",", type.GetGenericArguments().Select(Name))}>";
    }
}
