// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Timing;

/// <summary>One member of a design, by its key: reads it, and makes a design with another value, as a <c>with</c> expression does.</summary>
/// <param name="Read">The member's value.</param>
/// <param name="With">The design with another value.</param>
internal sealed record MemberPatch(Func<AcceleratorSpec, object?> Read, Func<AcceleratorSpec, object?, AcceleratorSpec> With)
{
    /// <summary>The member of a key such as <c>array.rows</c>; null where the key is no member that holds a single value.</summary>
    public static MemberPatch? Of(string path)
    {
        var members = ImmutableArray.CreateBuilder<PropertyInfo>();
        Type type = typeof(AcceleratorSpec);
        foreach (string key in path.Split('.'))
        {
            PropertyInfo? member = type.GetProperties().FirstOrDefault(property => property.SetMethod is not null && EnumNames.SnakeCase(property.Name) == key);
            if (member is null)
            {
                return null;
            }

            members.Add(member);
            type = member.PropertyType;
        }

        bool isValue = type.IsValueType || type == typeof(string);
        return isValue ? new(Reader(members), Writer(members)) : null;
    }

    private static Func<AcceleratorSpec, object?> Reader(IEnumerable<PropertyInfo> members)
    {
        ParameterExpression design = Expression.Parameter(typeof(AcceleratorSpec));
        Expression value = members.Aggregate((Expression)design, Expression.Property);
        return Expression.Lambda<Func<AcceleratorSpec, object?>>(Expression.Convert(value, typeof(object)), design).Compile();
    }

    private static Func<AcceleratorSpec, object?, AcceleratorSpec> Writer(ImmutableArray<PropertyInfo>.Builder members)
    {
        ParameterExpression design = Expression.Parameter(typeof(AcceleratorSpec)), value = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<AcceleratorSpec, object?, AcceleratorSpec>>(Changed(design, members.ToImmutable(), value), design, value).Compile();
    }

    /// <summary>A copy of a record whose first member is the rest of the path, changed; what the compiler makes of <c>with</c>.</summary>
    private static Expression Changed(Expression record, ImmutableArray<PropertyInfo> members, Expression value)
    {
        ParameterExpression copy = Expression.Variable(record.Type);
        MethodInfo clone = record.Type.GetMethod("<Clone>$")!;
        MemberExpression member = Expression.Property(copy, members[0]);
        return Expression.Block(
            record.Type,
            [copy],
            Expression.Assign(copy, Expression.Convert(Expression.Call(record, clone), record.Type)),
            Expression.Assign(member, members.Length == 1 ? Expression.Convert(value, member.Type) : Changed(member, members[1..], value)),
            copy);
    }
}
