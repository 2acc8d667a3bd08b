// SPDX-License-Identifier: Apache-2.0
using Cli.Doctor;

foreach (ToolState tool in Toolbox.Examine(Directory.GetCurrentDirectory()))
{
    Console.WriteLine($"{tool.Name}: {tool.Version ?? tool.Command}");
}

return 0;
