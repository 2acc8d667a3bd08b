// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using AccelModel.Numerics;
using AccelModel.Simulation;
using Xunit;

namespace EndToEnd.House;

/// <summary>Who knows whom inside accel-model, in its compiled form and in its text, and that everything below the results is integer.</summary>
public sealed partial class ModelLayersTests
{
    /// <summary>Places where floating point is allowed, and for what; none touches a code or a cycle.</summary>
    private static readonly ImmutableDictionary<string, string> FloatingPointAllowed = ImmutableDictionary<string, string>.Empty;

    private static IEnumerable<Type> ModelTypes => typeof(FixedPointFormat).Assembly.GetTypes();

    public static TheoryData<string> RuleNames => [.. ModelLayers.Rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_holds_in_the_compiled_model(string name)
    {
        LayerRule rule = ModelLayers.Rules.Single(rule => rule.Name == name);
        Assert.Contains(ModelTypes, type => rule.User(type));
        Nothing.In(rule.Broken(ModelTypes));
    }

    [Fact]
    public void Both_engines_are_recognised()
    {
        Assert.True(ModelLayers.IsRegisterAccurate(typeof(Accelerator)));
        Assert.True(ModelLayers.IsRegisterAccurate(typeof(RegisterAccurateModel)));
        Assert.True(ModelLayers.IsRegisterAccurate(typeof(AccelModel.Hardware.SystolicArray)));
        Assert.False(ModelLayers.IsRegisterAccurate(typeof(FastEngine)));
        Assert.True(ModelLayers.IsFastEngine(typeof(FastEngine)));
        Assert.False(ModelLayers.IsFastEngine(typeof(TimingResult)));
        Assert.Equal(["A", "B", "C"], ModelLayers.Declared(new("a.cs", "/// <summary>A class of things.</summary>\npublic sealed class A<T>;\ninternal readonly record struct B(int X);\nenum C { D }\n")));
    }

    [Fact]
    public void The_text_of_the_register_accurate_model_does_not_name_the_fast_engine() =>
        Nothing.In(Repository.TextFiles.Where(file => RegisterAccurateFile().IsMatch(file.Path)).SelectMany(FastEngineNames));

    [Fact]
    public void A_fast_engine_type_in_the_text_is_found_but_not_in_a_comment() =>
        Assert.Equal(
            ["a.cs:3: FastEngineFormulas"],
            FastEngineNames(new("a.cs", "// FastEngine.Time agrees.\n/// <see cref=\"FastEngine\"/>\nlong x = FastEngineFormulas.Period(2); // FastEngine\n")));

    [Fact]
    public void Networks_schedules_hardware_and_engines_are_integer_from_end_to_end()
    {
        Type[] types = [.. ModelTypes.Where(type => type.DeclaringType is null && new[] { "Networks", "Scheduling", "Hardware", "Simulation" }.Any(folder => ModelLayers.IsIn(type, folder)))];
        Assert.NotEmpty(types);
        Nothing.In(types.SelectMany(FloatingPoint.In).Where(place => !FloatingPointAllowed.ContainsKey(place)));
    }

    private static IEnumerable<string> FastEngineNames(SourceFile file) =>
        file.Lines.SelectMany((line, index) => FastEngineName().Matches(Comment().Replace(line, "")).Select(match => $"{file.Path}:{index + 1}: {match.Value}"));

    [GeneratedRegex(@"^accel-model/(Hardware/.*|Simulation/(Accelerator|RegisterAccurate)\w*)\.cs$")]
    private static partial Regex RegisterAccurateFile();

    [GeneratedRegex(@"\bFastEngine\w*|\bArrayTiming\b|\bSimulation\.(?:Kernels|Values)\b")]
    private static partial Regex FastEngineName();

    [GeneratedRegex(@"//.*$")]
    private static partial Regex Comment();
}
