// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AccelModel.Specification.Yaml;

/// <summary>Turns the parser's events into a tree with positions, refusing what the project's files may not hold.</summary>
internal sealed class YamlTreeBuilder
{
    private const string EmptyFile = "the file is empty, allowed a section of keys and values";

    private readonly string _file;
    private readonly SpecIssues _issues;
    private readonly Scanner _scanner;
    private readonly Parser _parser;

    public YamlTreeBuilder(string text, string file, SpecIssues issues)
    {
        _file = file;
        _issues = issues;
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>The tree, or null after a finding that ended the reading.</summary>
    public SpecNode? Build()
    {
        try
        {
            return ReadDocument();
        }
        catch (YamlException exception)
        {
            _issues.Add(At(exception.Start), "", "YAML syntax error: " + exception.Message.ReplaceLineEndings(" "));
            return null;
        }
        catch (TooDeepException)
        {
            return null;
        }
    }

    private SpecNode? ReadDocument()
    {
        Next<StreamStart>();
        ParsingEvent first = Next<ParsingEvent>();
        if (first is StreamEnd)
        {
            _issues.Add(SpecPosition.StartOf(_file), "", EmptyFile);
            return null;
        }
        SpecNode root = ReadNode(Next<ParsingEvent>(), "", 1);
        Next<DocumentEnd>();
        if (Next<ParsingEvent>() is DocumentStart second)
        {
            _issues.Add(At(second.Start), "", "more than one document, allowed a single one");
            return null;
        }
        if (root is SpecScalar { IsNull: true })
        {
            _issues.Add(SpecPosition.StartOf(_file), "", EmptyFile);
            return null;
        }
        return root;
    }

    /// <summary>
    /// The next event. YamlDotNet 16.3 answers some malformed texts (<c>[1</c> followed by a line <c>a: 2</c>) with
    /// exceptions of other types than its own, without a place: they become syntax errors where the scanner stands.
    /// </summary>
    private T Next<T>()
        where T : ParsingEvent
    {
        try
        {
            _parser.MoveNext();
        }
        catch (Exception exception) when (exception is not YamlException)
        {
            throw new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, "the text cannot be understood here.");
        }
        return _parser.Current as T
            ?? throw new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, "the text ends too early.");
    }

    private SpecNode ReadNode(ParsingEvent node, string path, int depth)
    {
        SpecPosition position = At(node.Start);
        if (node is AnchorAlias alias)
        {
            _issues.Add(position, path, $"aliases are not allowed, found '*{alias.Value}'");
            return new SpecInvalid(position);
        }
        if (node is not NodeEvent content)
        {
            // The parser does this after an entry that begins with a colon, such as "- : one".
            throw new YamlException(node.Start, node.End, "a value is missing here.");
        }
        RefuseTagAndAnchor(content, position, path);
        if (node is Scalar scalar)
        {
            return new SpecScalar(position, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
        }
        if (depth > YamlFile.MaxDepth)
        {
            _issues.Add(position, path, $"nested too deeply, allowed {YamlFile.MaxDepth} levels");
            throw new TooDeepException();
        }
        return node is SequenceStart ? ReadSequence(position, path, depth) : ReadMapping(position, path, depth);
    }

    private SpecSequence ReadSequence(SpecPosition position, string path, int depth)
    {
        var items = ImmutableArray.CreateBuilder<SpecNode>();
        while (Next<ParsingEvent>() is var item and not SequenceEnd)
        {
            items.Add(ReadNode(item, $"{path}[{items.Count}]", depth + 1));
        }
        return new SpecSequence(position, items.ToImmutable());
    }

    private SpecMapping ReadMapping(SpecPosition position, string path, int depth)
    {
        var entries = new OrderedDictionary<string, SpecEntry>();
        while (Next<ParsingEvent>() is var start and not MappingEnd)
        {
            SpecNode key = ReadNode(start, path, depth + 1);
            string? name = NameOf(key, path);
            string valuePath = name is null ? path : SpecValue.Join(path, name);
            SpecNode value = ReadNode(Next<ParsingEvent>(), valuePath, depth + 1);
            if (name is not null && !entries.TryAdd(name, new SpecEntry(name, key.Position, value)))
            {
                _issues.Add(key.Position, valuePath, $"duplicate key, found first on line {entries[name].KeyPosition.Line}, allowed once");
            }
        }
        return new SpecMapping(position, [.. entries.Values]);
    }

    /// <summary>The text of a key, or null after a finding.</summary>
    private string? NameOf(SpecNode key, string path)
    {
        switch (key)
        {
            case SpecScalar { Text: "<<", Quoted: false }:
                _issues.Add(key.Position, path, "merge keys are not allowed, found '<<'");
                return null;
            case SpecScalar { IsNull: false, Text.Length: > 0 } scalar:
                return scalar.Text;
            case SpecInvalid:
                return null;
            default:
                _issues.Add(key.Position, path, $"not a key, found {key.Description}, allowed a name");
                return null;
        }
    }

    private void RefuseTagAndAnchor(NodeEvent node, SpecPosition position, string path)
    {
        if (!node.Tag.IsEmpty)
        {
            _issues.Add(position, path, $"tags are not allowed, found '{node.Tag}'");
        }
        if (!node.Anchor.IsEmpty)
        {
            _issues.Add(position, path, $"anchors are not allowed, found '&{node.Anchor.Value}'");
        }
    }

    private SpecPosition At(in Mark mark) => new(_file, (int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1));

    private sealed class TooDeepException : Exception;
}
