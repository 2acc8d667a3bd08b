// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.House;

/// <summary>The rule of <see cref="DocumentationRules"/> on accel-model, and on types that break it.</summary>
public sealed class DocumentationRulesTests
{
    [Fact]
    public void Every_public_type_of_the_accelerator_model_has_a_summary()
    {
        SourceFile[] files = [.. Repository.TextFiles.Where(file => file.Extension == ".cs" && file.Path.StartsWith("accel-model/", StringComparison.Ordinal))];
        Assert.NotEmpty(files);
        Nothing.In(files.SelectMany(DocumentationRules.Undocumented));
    }

    [Theory]
    [InlineData("public sealed class A;")]
    [InlineData("public readonly record struct A(int X);")]
    [InlineData("    public enum A")]
    [InlineData("public delegate int A(int x);")]
    [InlineData("/// <summary></summary>\npublic interface A")]
    [InlineData("/// <summary>\n/// </summary>\npublic interface A")]
    [InlineData("/// <param name=\"X\">X.</param>\npublic record A(int X);")]
    [InlineData("// A comment.\npublic static class A")]
    [InlineData("/// <summary>Of something else.</summary>\nint x;\npublic static class A")]
    [InlineData("[Flags]\npublic enum A")]
    public void A_public_type_without_summary_is_found(string text) =>
        Assert.EndsWith(": A has no summary", Assert.Single(DocumentationRules.Undocumented(new("a.cs", text))));

    [Theory]
    [InlineData("/// <summary>What it is.</summary>\npublic sealed class A;")]
    [InlineData("/// <summary>\n/// What it is.\n/// </summary>\n[Flags]\npublic enum A")]
    [InlineData("/// <inheritdoc/>\npublic sealed class A;")]
    [InlineData("internal sealed class A;")]
    [InlineData("public int Record { get; }")]
    public void A_type_with_summary_and_what_is_not_public_are_not_found(string text) => Assert.Empty(DocumentationRules.Undocumented(new("a.cs", text)));
}
