// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace EndToEnd.House;

/// <summary>One direction that is not allowed inside a library.</summary>
/// <param name="Name">Who may not know whom.</param>
/// <param name="Reason">Why.</param>
/// <param name="User">The types that may not know.</param>
/// <param name="Used">The types that may not be known.</param>
internal sealed record LayerRule(string Name, string Reason, Func<Type, bool> User, Func<Type, bool> Used)
{
    /// <summary>Uses among <paramref name="types"/> that break the rule, each once.</summary>
    public IEnumerable<string> Broken(IEnumerable<Type> types) => types
        .Where(type => type.DeclaringType is null && User(type))
        .SelectMany(TypeUses.Of)
        .Where(use => Used(TypeUses.Outermost(use.Used)))
        .Select(use => $"{use.User.FullName}.{use.Where} uses {use.Used.FullName}: {Name}, because {Reason}")
        .Distinct()
        .Order(StringComparer.Ordinal);
}

/// <summary>Who knows whom inside accel-model.</summary>
internal static partial class ModelLayers
{
    private const string Model = "AccelModel.";

    // Names are taken from the files: a helper of the fast engine need not be named after it, its file is.
    private static readonly FrozenSet<string> FastEngineNames = DeclaredIn("Simulation/FastEngine");

    private static readonly FrozenSet<string> RegisterAccurateNames = DeclaredIn("Simulation/Accelerator").Concat(DeclaredIn("Simulation/RegisterAccurate")).ToFrozenSet();

    /// <summary>The rules.</summary>
    public static IReadOnlyList<LayerRule> Rules { get; } =
    [
        new("the register-accurate model does not know the fast engine", "its cycles come from ticking alone, or its agreement would prove nothing",
            IsRegisterAccurate, IsFastEngine),
        new("the register-accurate model does not know the closed forms of time", "it proves them",
            IsRegisterAccurate, type => type == typeof(AccelModel.Scheduling.ArrayTiming)),
        new("the fast engine does not know the register-accurate model", "its cycles come from formulas alone, or its agreement would prove nothing",
            IsFastEngine, IsRegisterAccurate),
        new("networks and their interpreter do not know the engines", "they define the meaning that the engines have to meet",
            type => IsIn(type, "Networks"), IsEngine),
        new("the scheduler does not know the engines", "every engine executes the same schedule",
            type => IsIn(type, "Scheduling"), IsEngine),
        new("arithmetic knows nothing above it", "networks, schedules and engines share it",
            type => IsIn(type, "Numerics"), type => type.Namespace?.StartsWith(Model, StringComparison.Ordinal) == true && !IsIn(type, "Numerics")),
        new("the accelerator model knows the platform and its YAML reader only", "training, export and reports build on it",
            IsOurs, type => !IsOurs(type) && !IsPlatform(type)),
    ];

    /// <summary>Blocks, and the machine made of them.</summary>
    public static bool IsRegisterAccurate(Type type) => IsIn(type, "Hardware") || IsSimulation(type, RegisterAccurateNames);

    /// <summary>Timing formulas and vectorised kernels.</summary>
    public static bool IsFastEngine(Type type) => IsIn(type, "Simulation.Kernels") || IsIn(type, "Simulation.Values") || IsSimulation(type, FastEngineNames);

    /// <summary>Whether a type belongs to accel-model's <paramref name="folder"/> or one below.</summary>
    public static bool IsIn(Type type, string folder) =>
        type.Namespace is { } name && (name == Model + folder || name.StartsWith($"{Model}{folder}.", StringComparison.Ordinal));

    /// <summary>Names of the types that a file declares, without type parameters.</summary>
    public static IEnumerable<string> Declared(SourceFile file) => TypeDeclaration().Matches(file.Text).Select(match => match.Groups["name"].Value);

    private static bool IsEngine(Type type) => IsRegisterAccurate(type) || IsFastEngine(type);

    private static bool IsSimulation(Type type, FrozenSet<string> names) => type.Namespace == Model + "Simulation" && names.Contains(type.Name.Split('`')[0]);

    private static bool IsOurs(Type type) => type.Assembly == typeof(AccelModel.Numerics.FixedPointFormat).Assembly;

    private static bool IsPlatform(Type type) =>
        type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("YamlDotNet", StringComparison.Ordinal));

    private static FrozenSet<string> DeclaredIn(string start) =>
        Repository.TextFiles.Where(file => file.Path.StartsWith($"accel-model/{start}", StringComparison.Ordinal)).SelectMany(Declared).ToFrozenSet();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|partial|unsafe)\s+)*(?:class|record\s+struct|record|struct|interface|enum|delegate\s+\S+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
