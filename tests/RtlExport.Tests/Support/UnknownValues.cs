// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;

namespace RtlExport.Tests.Support;

/// <summary>A variable of a module that had unknown bits: the module's name in the sources, and the variable's.</summary>
internal readonly record struct UnknownValue(string Module, string Name);

/// <summary>What had unknown bits from a time on, according to a waveform (VCD) of Icarus and the compiled design (vvp), which knows which scope is of which module.</summary>
/// <param name="Variables">Variables (not nets) of all modules that had unknown bits.</param>
/// <param name="All">All variables.</param>
/// <param name="Port">Signals of the memory port that had unknown bits while they meant something, and outputs that always do.</param>
internal sealed partial record UnknownValues(HashSet<UnknownValue> Variables, HashSet<UnknownValue> All, SortedSet<string> Port)
{
    private static readonly string[] AlwaysMeant = ["busy_o", "mem_req_o", "mem_write_o", "mem_first_o", "event_fetch_o", "event_start_o", "event_end_o", "event_completion_o"];

    public static UnknownValues Read(string waveform, string compiled, long from)
    {
        Dictionary<string, string> modules = Modules(compiled);
        Dictionary<string, List<UnknownValue>> variables = [];
        Dictionary<string, string> ports = [];
        HashSet<UnknownValue> unknown = [], all = [];
        SortedSet<string> port = new(StringComparer.Ordinal);
        Dictionary<string, string> values = [];
        HashSet<string> now = [];
        List<string> scope = [];
        long time = 0;
        foreach (string line in File.ReadLines(waveform))
        {
            if (line.Length == 0)
            {
                continue;
            }

            string[] words = line[0] == '$' ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
            switch (line[0])
            {
                case '$' when words[0] == "$scope":
                    scope.Add(words[2]);
                    break;
                case '$' when words[0] == "$upscope":
                    scope.RemoveAt(scope.Count - 1);
                    break;
                case '$' when words[0] == "$var":
                    string module = ModuleOf(scope, modules);
                    if (words[1] == "reg")
                    {
                        variables.TryAdd(words[3], []);
                        variables[words[3]].Add(new(module, words[4]));
                        all.Add(new(module, words[4]));
                    }

                    if (module == "accelerator" && words[4].EndsWith("_o", StringComparison.Ordinal) && scope[^1] == "u_accelerator")
                    {
                        ports[words[4]] = words[3];
                    }

                    break;
                case '#':
                    Settle();
                    time = long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                    break;
                case '0' or '1' or 'x' or 'z':
                    Set(line[1..], line[..1]);
                    break;
                case 'b':
                    int space = line.IndexOf(' ', StringComparison.Ordinal);
                    Set(line[(space + 1)..], line[1..space]);
                    break;
            }
        }

        Settle();
        return new(unknown, all, port);

        void Set(string id, string value)
        {
            values[id] = value;
            now.Add(id);
        }

        // Only what a moment leaves behind counts, and of what was there before it only what is still there at `from`.
        void Settle()
        {
            if (time < from)
            {
                return;
            }

            foreach (string id in now.Where(id => IsUnknown(values[id]) && variables.ContainsKey(id)))
            {
                unknown.UnionWith(variables[id]);
            }

            now.Clear();
            port.UnionWith(AlwaysMeant.Where(name => IsUnknown(values[ports[name]])));
            if (values[ports["mem_req_o"]] == "1")
            {
                string[] meant = values[ports["mem_write_o"]] == "1" ? ["mem_addr_o", "mem_wdata_o", "mem_wstrb_o"] : ["mem_addr_o"];
                port.UnionWith(meant.Where(name => IsUnknown(values[ports[name]])));
            }
        }
    }

    private static bool IsUnknown(string value) => value.AsSpan().ContainsAny('x', 'z');

    private static string ModuleOf(List<string> scope, Dictionary<string, string> modules)
    {
        for (int depth = scope.Count; depth > 0; depth--)
        {
            if (modules.TryGetValue(string.Join('.', scope.Take(depth)), out string? module))
            {
                return module;
            }
        }

        return "";
    }

    private static Dictionary<string, string> Modules(string compiled)
    {
        Dictionary<string, (string Path, string Module)> scopes = [];
        foreach (Match match in File.ReadLines(compiled).Select(line => Scope().Match(line)).Where(match => match.Success))
        {
            string path = match.Groups[5].Success ? $"{scopes[match.Groups[5].Value].Path}.{match.Groups[3].Value}" : match.Groups[3].Value;
            scopes[match.Groups[1].Value] = (path, match.Groups[2].Value == "module" ? match.Groups[4].Value : "");
        }

        return scopes.Values.Where(scope => scope.Module.Length > 0).ToDictionary(scope => scope.Path, scope => scope.Module);
    }

    [GeneratedRegex("""^(S_\w+) \.scope (\w+), "([^"]*)" "([^"]*)"[^;]*?(?:, (S_\w+))?;""")]
    private static partial Regex Scope();
}
