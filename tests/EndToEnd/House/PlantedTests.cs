// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;
using Xunit;

namespace EndToEnd.House;

/// <summary>The searches through compiled types find what is planted for them, wherever it hides.</summary>
public sealed class PlantedTests
{
    /// <summary>Stands for what must not be known.</summary>
    private sealed class Forbidden : Exception
    {
        public static int Field = 1;

        public static int Time() => Field;
    }

    private sealed class InField { public Forbidden? Value = null; }

    private sealed class InGenericArgument { public Dictionary<int, Forbidden[]>? Value = null; }

    private sealed class InParameter { public static int Of(ref Forbidden value) => value.HResult; }

    private sealed class InBase : List<Forbidden>;

    private sealed class InCall { public static int Of() => Forbidden.Time(); }

    private sealed class InFieldOfOther { public static int Of() => Forbidden.Field; }

    private sealed class InTypeOf { public static string Of() => typeof(Forbidden).Name; }

    private sealed class InLambda { public static Func<int, int> Of() => x => x + Forbidden.Time(); }

    private sealed class InCatch
    {
        public static int Of(Func<int> work)
        {
            try
            {
                return work();
            }
            catch (Forbidden)
            {
                return 0;
            }
        }
    }

    private sealed class InIterator
    {
        public static IEnumerable<int> Of()
        {
            yield return 1;
            yield return Forbidden.Time();
        }
    }

    private sealed class InGenericCall { public static int Of() => Array.Empty<Forbidden>().Length; }

    private sealed class Innocent { public static int Of(int x) => x + 1; }

    [Theory]
    [InlineData(typeof(InField))]
    [InlineData(typeof(InGenericArgument))]
    [InlineData(typeof(InParameter))]
    [InlineData(typeof(InBase))]
    [InlineData(typeof(InCall))]
    [InlineData(typeof(InFieldOfOther))]
    [InlineData(typeof(InTypeOf))]
    [InlineData(typeof(InLambda))]
    [InlineData(typeof(InCatch))]
    [InlineData(typeof(InIterator))]
    [InlineData(typeof(InGenericCall))]
    public void A_use_is_found(Type user) => Assert.Contains(TypeUses.Of(user), use => use.Used == typeof(Forbidden));

    [Fact]
    public void A_type_without_the_use_is_not_accused() => Assert.DoesNotContain(TypeUses.Of(typeof(Innocent)), use => use.Used == typeof(Forbidden));

    [Fact]
    public void A_broken_rule_is_told_once_with_its_place_and_reason()
    {
        var rule = new LayerRule("tests do not know assertions", "this is a plant", type => type == typeof(PlantedTests), type => type == typeof(Assert));
        Assert.Contains(
            "EndToEnd.House.PlantedTests.A_use_is_found uses Xunit.Assert: tests do not know assertions, because this is a plant",
            rule.Broken([typeof(PlantedTests), typeof(Nothing)]));
    }

    private sealed class FloatField { public float Value = default; }

    private sealed class DoubleProperty { public double Value { get; init; } }

    private sealed class DoubleLocal
    {
        public static long Of(long x)
        {
            var list = new List<double> { x };
            return list.Count;
        }
    }

    private sealed class ConstantOnly { public static long Of(long x) => (long)(x * 1.5); }

    private sealed class ConversionOnly { public static int Of(int a, int b) => (int)((float)a / b); }

    private sealed class CallOnly { public static int Of(int x) => BitConverter.SingleToInt32Bits(x); }

    private sealed class VectorOnly { public static int Of(Vector256<int> x) => Vector256.ConvertToSingle(x).AsInt32().ToScalar(); }

    private sealed class DecimalOnly { public static int Of(int x) => (int)decimal.Truncate(x); }

    private sealed class InsideLambda { public static Func<int, int> Of() => x => (int)Math.Sqrt(x); }

    private sealed class IntegerOnly
    {
        private readonly List<long> _values = [];

        public long Of(int x) => _values.Sum() + BitOperations.Log2((uint)x) + Math.Max(x, 3) + (x / 3) + Vector256.Create(x).ToScalar();

        public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Of(1)}");
    }

    [Theory]
    [InlineData(typeof(FloatField))]
    [InlineData(typeof(DoubleProperty))]
    [InlineData(typeof(DoubleLocal))]
    [InlineData(typeof(ConstantOnly))]
    [InlineData(typeof(ConversionOnly))]
    [InlineData(typeof(CallOnly))]
    [InlineData(typeof(VectorOnly))]
    [InlineData(typeof(DecimalOnly))]
    [InlineData(typeof(InsideLambda))]
    public void Floating_point_is_found(Type type) => Assert.NotEmpty(FloatingPoint.In(type));

    [Fact]
    public void Integer_code_is_not_accused() => Assert.Empty(FloatingPoint.In(typeof(IntegerOnly)));
}
