# What an interactive zsh makes of a line and the tabulator key, with the completions below a prefix.
# usage: zsh -f Tests/Install/complete.zsh PREFIX 'WORDS BEHIND nutune'
zmodload zsh/zpty
zpty shell zsh -f -i
# In place of the program stands a function that shows the words it is given.
zpty -w shell "fpath=(${(q)1}/share/zsh/site-functions \$fpath); autoload -Uz compinit; compinit -D -u
nutune() { print -r -- \"<\$*>\" }"
zpty -w -n shell $'nutune '"$2"$'\t\n'
zpty -w shell exit
while zpty -r shell line; do
  [[ $line == *'<'*'>'* && $line != *print* ]] && print -r -- ${${line#*<}%%>*}
done
exit 0
