// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace Cli.Methods;

/// <summary>Recipes by the name of a method: <c>training: pact</c> is what <c>training: .../configs/training/methods/pact.yaml</c> is.</summary>
public static class MethodRecipe
{
    /// <summary>The file of a recipe that a key names: a file, or a method that runs; null after a finding.</summary>
    public static string? FileOf(SpecValue value)
    {
        if (value.Node is not SpecScalar { Text: { Length: > 0 } name } || name.Any(letter => letter is '/' or '\\' or '.') || File.Exists(value.AsPath()))
        {
            return value.AsFile();
        }

        if (File.Exists(MethodCatalogue.RecipeOf(name)))
        {
            return MethodCatalogue.RecipeOf(name);
        }

        ImmutableArray<Method> methods = MethodCatalogue.Load();
        string[] running = MethodCatalogue.Running(methods);
        value.Issue(methods.FirstOrDefault(method => method.Id == name) is Method known
            ? $"a method without a recipe, found '{name}' ({(known.PartOf is string part ? $"part of {part}" : EnumNames.Of(known.Status))}), allowed a method that runs (codesign methods) or a file"
            : $"no such file, and no method, found '{name}'{NearestName.Suggestion(name, running)}, allowed a relative path, or a method that runs (codesign methods)");
        return null;
    }
}
