// SPDX-License-Identifier: Apache-2.0
namespace Reports.ECharts;

/// <summary>The scripts that lie beside the program: ours, and the library that npm brought at build time.</summary>
public static class EChartsFiles
{
    /// <summary>Path of the script that node runs.</summary>
    /// <exception cref="MissingToolException">The library was not there when the project was built.</exception>
    public static string RenderScript
    {
        get
        {
            _ = PathOf("echarts.min.js");
            return PathOf("render.js");
        }
    }

    /// <summary>
    /// Source texts that make a page's figures interactive: the minified library, and the translation to it. Empty without the
    /// library, which a build with another renderer need not have.
    /// </summary>
    public static IReadOnlyList<string> PageScripts =>
        File.Exists(Beside("echarts.min.js")) ? [File.ReadAllText(Beside("echarts.min.js")), File.ReadAllText(Beside("figure-option.js"))] : [];

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, "figures", name);

    private static string PathOf(string name)
    {
        string path = Beside(name);
        return File.Exists(path) ? path : throw new MissingToolException("ECharts", "'npm ci' in reports/node, then build again");
    }
}
