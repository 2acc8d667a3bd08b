// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace EndToEnd.House;

/// <summary>One instruction of a method's body; <paramref name="Member"/> is the type, method or field that it names, if any.</summary>
internal readonly record struct IlInstruction(OpCode Code, MemberInfo? Member);

/// <summary>Reads method bodies (ECMA-335, partition III).</summary>
internal static class Il
{
    private static readonly FrozenDictionary<ushort, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => unchecked((ushort)code.Value));

    /// <summary>The instructions of a method in order; none where it has no body.</summary>
    public static IEnumerable<IlInstruction> Instructions(MethodBase method)
    {
        byte[] body = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        int position = 0;
        while (position < body.Length)
        {
            ushort value = body[position++];
            if (value == 0xFE)
            {
                value = (ushort)(value << 8 | body[position++]);
            }

            OpCode code = Codes[value];
            yield return new(code, Member(method, code.OperandType, body, position));
            position += OperandBytes(code.OperandType, body, position);
        }
    }

    private static MemberInfo? Member(MethodBase method, OperandType operand, byte[] body, int position)
    {
        if (operand is not (OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType))
        {
            return null;
        }

        Type[]? ofType = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(position)), ofType, ofMethod);
    }

    private static int OperandBytes(OperandType operand, byte[] body, int position) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(position)),
        _ => 4,
    };
}
